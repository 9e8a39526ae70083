"""PostgreSQL restarts, crashes, cuts connections or gives up statements: jobs go on when it is back."""

import signal
import time

import psycopg
import pytest
import requests

from tests.faults.place import Site, book, until

pytestmark = [pytest.mark.live, pytest.mark.parametrize("shared", ["production"], indirect=True)]
BOOK = book(60)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT], ids=["restart", "crash"])
def test_postgresql_is_away_for_a_while(site: Site, how: signal.Signals) -> None:
    assert site.postgres is not None
    site.pace(0.05)
    job_id = site.service.submit(BOOK)
    until(lambda: site.spoken() >= 10, "some chunks are spoken")
    site.postgres.stop(how)
    answer = requests.post(
        f"{site.service.url}/api/v1/jobs/text/",
        json={"text": "salam", "lang": "az", "voice_id": 325640},
        headers=site.service.headers,
        timeout=30,
    )
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    time.sleep(2)
    site.postgres.start()
    site.assert_ready(job_id, BOOK)


def test_connections_are_cut(site: Site) -> None:
    assert site.postgres is not None
    site.pace(0.05)
    job_id = site.service.submit(BOOK)
    cut = 0
    with psycopg.connect(site.postgres.url, autocommit=True) as connection:
        for _ in range(6):
            time.sleep(0.5)
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            cut += len(connection.execute(f"{others} AND datname IS NOT NULL").fetchall())
    assert cut > 0
    site.assert_ready(job_id, BOOK)


def test_statements_time_out(site: Site) -> None:
    """Somebody holds the jobs' rows for longer than the server lets a statement wait."""
    assert site.postgres is not None
    site.pace(0.05)
    job_id = site.service.submit(BOOK)
    until(lambda: site.spoken() >= 5, "some chunks are spoken")
    with psycopg.connect(site.postgres.url, autocommit=True) as connection:
        connection.execute("ALTER DATABASE postgres SET statement_timeout = '300ms'")
        try:
            _cut_all(connection)
            for _ in range(3):
                with connection.transaction():
                    connection.execute("SELECT id FROM synthesis_job FOR UPDATE")
                    time.sleep(1)
                time.sleep(1)
        finally:
            connection.execute("ALTER DATABASE postgres RESET statement_timeout")
            _cut_all(connection)
    site.assert_ready(job_id, BOOK)


def _cut_all(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    connection.execute(f"{others} AND datname IS NOT NULL")
