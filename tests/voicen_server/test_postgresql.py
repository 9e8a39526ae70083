"""Whether a connection still stands is seen without asking the server."""

import psycopg
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no connection that could break"),
]


def test_a_connection_that_stands_costs_no_statement() -> None:
    connection.ensure_connection()
    with CaptureQueriesContext(connection) as statements:
        assert connection.is_usable()
    assert not statements.captured_queries


def test_a_connection_that_the_server_has_ended() -> None:
    connection.ensure_connection()
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
    assert not connection.is_usable()
    connection.close()


def test_a_notice_is_no_end() -> None:
    """A server that reads its configuration anew says so unasked."""
    with connection.cursor() as cursor:
        cursor.execute("LISTEN something")
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        other.execute("NOTIFY something")
    assert connection.is_usable()
    connection.close()
