"""Django's PostgreSQL, which looks whether its connection still stands without asking the server."""

import select
from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    connection: Any

    def is_usable(self) -> bool:
        """Whether the connection stands: looked at once in each request (CONN_HEALTH_CHECKS).

        Django sends a statement for it, a third one beside the two that a request for a job needs. But a server that
        ends says so, and its end of the connection is closed: then there is something to read where nothing was asked
        for. Only then is a statement sent; it may also have been a notice.
        """
        if self.connection is None or self.connection.closed:
            return False
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN)
        return not waiting.poll(0) or super().is_usable()
