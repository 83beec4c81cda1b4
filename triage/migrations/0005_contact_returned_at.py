"""When mail to a trusted contact came back, so that who named them sees why nothing goes there."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("triage", "0004_calendar_and_given_addresses")]

    operations = [
        migrations.AddField(
            model_name="trustedcontact",
            name="returned_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
