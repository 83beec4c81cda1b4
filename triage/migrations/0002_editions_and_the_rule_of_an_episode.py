from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("triage", "0001_the_judgement")]

    operations = [
        migrations.CreateModel(
            name="RulebookEdition",
            fields=[
                ("digest", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("first_used_at", models.DateTimeField()),
                ("rules", models.BinaryField()),
            ],
        ),
        migrations.AddField(
            model_name="episode",
            name="rule",
            field=models.CharField(blank=True, db_default="", max_length=64),
        ),
    ]
