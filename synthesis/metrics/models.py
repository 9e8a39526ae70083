from django.db import models


class Total(models.Model):
    """A running total of one Prometheus sample over all processes of all hosts; some hundred rows, whatever runs."""

    name = models.CharField(max_length=80)
    labels = models.CharField(max_length=300, help_text="JSON, its keys in order.")
    value = models.FloatField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("name", "labels"), name="one_total_per_sample"),)

    def __str__(self) -> str:
        return f"{self.name}{self.labels}"
