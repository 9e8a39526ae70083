"""The Django application: jobs, their queue, their API, and the keys that open it."""
