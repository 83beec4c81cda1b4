"""A second index on what `assessment_latest` begins with goes, and documents are packed by the faster of the two ways.

What is packed already stays as it is, and both are read by every version. A PostgreSQL that was built without LZ4 goes
on as before.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

INDEX = "triage_assessment_lump_id_6dc106bf"
PACK = """
DO $$ BEGIN
    ALTER TABLE triage_assessment ALTER COLUMN document SET COMPRESSION {how};
EXCEPTION WHEN feature_not_supported THEN NULL;
END $$
"""


def _pack(editor: BaseDatabaseSchemaEditor, how: str) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(PACK.format(how=how))


def forwards(_: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    _pack(editor, "lz4")


def backwards(_: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    _pack(editor, "default")


class Migration(migrations.Migration):
    dependencies = [
        ("triage", "0007_services_held"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "assessment",
                    "lump",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assessments",
                        to="tracking.lump",
                    ),
                ),
            ],
            database_operations=[  # by its name: SQLite would copy the whole table
                migrations.RunSQL(
                    f"DROP INDEX IF EXISTS {INDEX}", f"CREATE INDEX {INDEX} ON triage_assessment (lump_id)"
                ),
            ],
        ),
        migrations.RunPython(forwards, backwards),
    ]
