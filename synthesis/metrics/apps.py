from django.apps import AppConfig


class MetricsConfig(AppConfig):
    """An application of its own for one table, so that its migrations stand apart from those of the jobs."""

    name = "synthesis.metrics"
    label = "metrics"
    default_auto_field = "django.db.models.BigAutoField"
