"""New migrations may run while hosts of the version before are at work (docs/hosting.md, "Upgrading ...")."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection, migrations, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.migration import Migration
from django.db.migrations.operations.base import Operation
from django.test.utils import CaptureQueriesContext

from tracking.indexes import AddIndexWhileServing

BEFORE_THE_RULE = {"tracking": 10, "triage": 6}  # the last numbers that the rule does not reach
ENDS_OLD_CODE = (
    migrations.RenameField,
    migrations.RenameModel,
    migrations.AlterModelTable,
    migrations.RemoveField,
    migrations.DeleteModel,
)


def slips(migration: type[Migration]) -> Iterator[str]:
    """What would stop, or be misread by, a host that still runs the version before. A migration that only takes away
    what no version reads any more says so by `contracts = True`."""
    made = {one.name_lower for one in migration.operations if isinstance(one, migrations.CreateModel)}
    for one in migration.operations:
        if getattr(one, "model_name_lower", None) not in made:
            yield from _slips_of(one, migration)


def _slips_of(one: Operation, migration: type[Migration]) -> Iterator[str]:
    if isinstance(one, AddIndexWhileServing):
        if migration.atomic:
            yield f"{one.describe()}: needs `atomic = False`"
    elif isinstance(one, migrations.AddIndex):
        yield f"{one.describe()}: holds all writers up, use AddIndexWhileServing"
    elif isinstance(one, migrations.AddField):
        if not one.field.null and not one.field.has_db_default() and not one.field.many_to_many:
            yield f"{one.describe()}: the version before writes no such column"
    elif isinstance(one, ENDS_OLD_CODE) and not getattr(migration, "contracts", False):
        yield f"{one.describe()}: the version before still asks for it"


def test_every_new_migration_keeps_the_rule() -> None:
    found = MigrationLoader(None).disk_migrations
    new = {key: type(one) for key, one in found.items() if int(key[1][:4]) > BEFORE_THE_RULE.get(key[0], 9999)}
    assert {key: list(slips(one)) for key, one in new.items() if list(slips(one))} == {}
    assert len([key for key in found if key[0] in BEFORE_THE_RULE]) - len(new) == sum(BEFORE_THE_RULE.values())


INDEX = models.Index(fields=["site"], name="lump_by_site")


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddIndex("lump", INDEX),
        AddIndexWhileServing("lump", INDEX),  # in a transaction
        migrations.AddField("lump", "depth", models.FloatField(default=0)),
        migrations.RenameField("lump", "site", "place"),
        migrations.RemoveField("lump", "site"),
        migrations.DeleteModel("lump"),
    ],
)
def test_what_breaks_the_rule_is_named(operation: Operation) -> None:
    assert len(list(slips(type("Migration", (Migration,), {"operations": [operation]})))) == 1


def test_what_a_new_table_brings_along_and_what_may_be_empty_are_fine() -> None:
    number = models.FloatField(null=True)
    table = migrations.CreateModel("Visit", [("id", models.AutoField(primary_key=True)), ("site", models.TextField())])
    operations = [table, migrations.AddIndex("visit", INDEX), migrations.AddField("lump", "depth", number)]
    assert not list(slips(type("Migration", (Migration,), {"operations": operations})))
    concurrent = {"operations": [AddIndexWhileServing("lump", INDEX)], "atomic": False}
    assert not list(slips(type("Migration", (Migration,), concurrent)))


@pytest.mark.django_db(transaction=True)
def test_an_index_is_made_beside_the_writers_and_taken_away_again() -> None:
    before = MigrationExecutor(connection).loader.project_state()
    after = before.clone()
    operation = AddIndexWhileServing("lump", INDEX)
    operation.state_forwards("tracking", after)
    with CaptureQueriesContext(connection) as asked:
        with connection.schema_editor(atomic=False) as editor:
            operation.database_forwards("tracking", editor, before, after)
        assert INDEX.name in _indexes()
        with connection.schema_editor(atomic=False) as editor:
            operation.database_backwards("tracking", editor, after, before)
    assert INDEX.name not in _indexes()
    made = next(query["sql"] for query in asked.captured_queries if "CREATE INDEX" in query["sql"])
    assert ("CONCURRENTLY" in made) == (connection.vendor == "postgresql")


def _indexes() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, "tracking_lump"))


@pytest.mark.django_db
def test_a_new_assessment_is_entered_into_one_index_by_its_lump() -> None:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "triage_assessment")
    assert [name for name, one in found.items() if one["index"] and one["columns"][0] == "lump_id"] == [
        "assessment_latest"
    ]
