"""Composition and deployment: settings, URLs, the Celery application, and the command that runs it all."""

__version__ = "0.1.0"
