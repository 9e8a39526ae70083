from django.db import migrations, models
from django.db.models import Count, Q

_UNFINISHED = ("waiting", "preparing", "processing", "synthesizing")


def count(apps, schema_editor):
    """What waits or runs already."""
    unfinished = apps.get_model("synthesis", "Job").objects.filter(status__in=_UNFINISHED).order_by().values("owner")
    counted = unfinished.annotate(
        low=Count("id", filter=Q(priority__lt=0)),
        normal=Count("id", filter=Q(priority=0)),
        high=Count("id", filter=Q(priority__gt=0)),
    )
    totals = apps.get_model("synthesis", "JobTotal").objects
    for each in counted:
        totals.filter(owner=each["owner"]).update(low=each["low"], normal=each["normal"], high=each["high"])


class Migration(migrations.Migration):
    dependencies = [
        ("synthesis", "0011_step_delivery"),
    ]

    operations = [
        migrations.AddField(
            model_name="jobtotal",
            name="low",
            field=models.BigIntegerField(db_default=0, help_text="Unfinished jobs of low priority."),
        ),
        migrations.AddField(
            model_name="jobtotal",
            name="normal",
            field=models.BigIntegerField(db_default=0, help_text="Unfinished jobs of normal priority."),
        ),
        migrations.AddField(
            model_name="jobtotal",
            name="high",
            field=models.BigIntegerField(db_default=0, help_text="Unfinished jobs of high priority."),
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
