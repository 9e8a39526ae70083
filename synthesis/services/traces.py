"""Deleted means gone: what a database keeps of a deleted text beyond its rows.

SQLite overwrites deleted content (secure_delete), but the write-ahead log still holds the pages as they were until it is
checkpointed. PostgreSQL keeps dead rows until autovacuum; docs/operations.md says what that means.
"""

from django.db.backends.base.base import BaseDatabaseWrapper

# The log can be emptied only while nobody reads it; the housekeeping of the workers tries again.
_PATIENCE_MS = 250


def erase(connection: BaseDatabaseWrapper) -> bool:
    """Empty SQLite's write-ahead log. True when nothing is left in it; True at once on other databases."""
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        (patience,) = cursor.fetchone()
        cursor.execute(f"PRAGMA busy_timeout={_PATIENCE_MS}")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (busy, _, _) = cursor.fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout={patience}")
    return bool(busy == 0)
