"""The Django admin: keys, jobs, voices, the state of the system. No page shows a text."""

from synthesis.admin import jobs, keys

__all__ = ["jobs", "keys"]
