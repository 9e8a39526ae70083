"""Tests. `make test` runs them all twice over: on SQLite with the embedded broker, and on PostgreSQL with Redis."""
