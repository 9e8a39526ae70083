from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("synthesis", "0004_usage_limits_audit"),
    ]

    operations = [
        migrations.AddField(
            model_name="job",
            name="expires",
            field=models.DateTimeField(blank=True, help_text="Deleted after it. Empty: as the limits say.", null=True),
        ),
        migrations.AddField(
            model_name="job",
            name="options",
            field=models.JSONField(
                blank=True,
                db_default=models.Value({}, models.JSONField()),
                editable=False,
                help_text="Other than the usual.",
            ),
        ),
        migrations.AddField(
            model_name="job",
            name="priority",
            field=models.SmallIntegerField(db_default=0, help_text="Among the jobs of its owner: higher goes first."),
        ),
        migrations.AddField(
            model_name="job",
            name="source",
            field=models.CharField(db_default="api", editable=False, help_text="Its door.", max_length=10),
        ),
        migrations.AddField(
            model_name="job",
            name="timings",
            field=models.CharField(
                blank=True, db_default="", help_text="Name there of the places of the sentences.", max_length=200
            ),
        ),
        migrations.AddField(
            model_name="job",
            name="title",
            field=models.CharField(blank=True, db_default="", help_text="What the client calls it.", max_length=200),
        ),
    ]
