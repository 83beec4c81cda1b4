from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tracking", "0002_helper_links_and_names"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="reminder_mails_wanted",
            field=models.BooleanField(default=True),
        ),
    ]
