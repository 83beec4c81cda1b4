"""Lumps can be claimed by the thousand, and those with news first: both from indexes that hold nothing else."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [
        ("tracking", "0006_access_log_and_consents"),
    ]

    operations = [
        migrations.AddField("lump", "claimed_until", models.DateTimeField(null=True, blank=True)),
        migrations.AddField("lump", "has_news", models.BooleanField(default=False, db_default=False)),
        migrations.AddIndex(
            "lump",
            models.Index(fields=["assess_after", "id"], name="lump_due_first", condition=Q(assess_after__isnull=False)),
        ),
        migrations.AddIndex(
            "lump",
            models.Index(fields=["assess_after", "id"], name="lump_news_first", condition=Q(has_news=True)),
        ),
        migrations.RemoveIndex("lump", "lump_due"),
    ]
