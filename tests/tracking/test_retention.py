"""What is kept: one list that the person reads, the sweep applies, and no table or field is missing from."""

from __future__ import annotations

import importlib
from datetime import timedelta

import pytest
from django.apps import apps
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.people import ada
from tracking import retention
from tracking.models import Erasure
from tracking.retaining import forget_old_rows


def test_every_table_and_field_of_the_installation_is_listed() -> None:
    """Something new? Say in tracking/retention.toml what it is kept for, how long, and what removes it."""
    assert unlisted() == []


def test_what_removes_it_is_there() -> None:
    for row in retention.kept().values():
        for verb in row.removed_by:
            module, _, name = verb.rpartition(".")
            assert callable(getattr(importlib.import_module(module), name)), verb


def test_what_ends_by_time_has_days_and_something_that_counts_them() -> None:
    for row in retention.kept().values():
        assert (row.until == "days") == (row.days is not None), row.name
        if row.clock:
            app, model, column = row.clock.split(".")
            assert apps.get_model(app, model)._meta.get_field(column)


@pytest.mark.django_db
def test_a_person_reads_the_list_in_their_language() -> None:
    owner = ada()
    rows = {row["name"]: row for row in owner.get("retention/")}
    assert rows["exports"]["days"] == 2
    assert rows["lumps"]["stored"]["tracking.Observation"]
    assert "nobody" not in rows
    owner.ask("PATCH", "me/", {"language": "es"})
    assert {row["name"]: row["what"] for row in owner.get("retention/")}["photos"].startswith("Fotos")


@pytest.mark.django_db
def test_what_is_too_old_goes_and_the_rest_stays(settings: Settings) -> None:
    at = timezone.now()
    span = retention.span_of("erasures")
    old = Erasure.objects.create(kind="lump", at=at - span - timedelta(minutes=1))
    young = Erasure.objects.create(kind="lump", at=at - span + timedelta(minutes=1))
    assert forget_old_rows(at=at) >= 1
    assert [row.pk for row in Erasure.objects.all()] == [young.pk]
    assert old.pk != young.pk


def unlisted() -> list[str]:
    """Tables and fields of this installation that stand nowhere in the list, and those that stand there in vain."""
    real = {(model._meta.label, field.name) for model in apps.get_models() for field in model._meta.concrete_fields}
    listed = [
        (table.name, name)
        for row in retention.kept().values()
        for table in row.tables
        for name in (*table.personal, *table.technical)
    ]
    missing = [f"{table}.{name} is missing" for table, name in sorted(real - set(listed))]
    in_vain = [f"{table}.{name} is not there" for table, name in sorted(set(listed) - real)]
    twice = [f"{table}.{name} stands twice" for table, name in sorted(set(listed)) if listed.count((table, name)) > 1]
    return missing + in_vain + twice
