"""Rows that are stored by the hundred are the same rows that one by one would be."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, models, transaction

from tests.triage.rows import NOON, a_lump, an_account, an_intent
from tracking.many_rows import insert_rows
from tracking.models import CareEvent, Lump, Observation, User
from triage.models import Assessment, Episode, Notification

pytestmark = pytest.mark.django_db

AWKWARD = "a\tb\nc\\d\r\\N 'e' \"f\" %s ✓"
OF_A_CLOCK_ELSEWHERE = datetime.fromisoformat("2026-11-20T12:34:56.789012-05:30")


@pytest.fixture
def lump() -> Lump:
    return a_lump(an_account())


def values_of(row: models.Model) -> dict[str, object]:
    """As the database has them, but for the key."""
    stored = type(row)._default_manager.get(pk=row.pk)
    return {field.attname: getattr(stored, field.attname) for field in stored._meta.concrete_fields} | {"id": None}


def stored_both_ways(one: models.Model, other: models.Model) -> tuple[dict[str, object], dict[str, object]]:
    """Two rows of the same values: the first is stored by itself, the other by the many."""
    one.save(force_insert=True)
    insert_rows([other])
    if other.pk is None:
        other.pk = type(other)._default_manager.exclude(pk=one.pk).get().pk
    return values_of(one), values_of(other)


def test_an_assessment(lump: Lump) -> None:
    document = {"level": AWKWARD, "growth": {"change_mm": 0.1, "since": None}, "findings": [{"a": True}, 2, "é"]}
    values = {"lump": lump, "at": NOON, "confirmed_at": OF_A_CLOCK_ELSEWHERE, "level": "watch", "document": document}
    values |= {"rulebook": AWKWARD, "history_rev": 2**40, "entries": None, "reassess_at": None}
    alone, among = stored_both_ways(Assessment(**values), Assessment(**values))
    assert alone == among
    assert among["document"] == document


def test_an_episode(lump: Lump) -> None:
    values = {"lump": lump, "rule": "", "level": "watch", "about_growth": True, "check_on": date(2026, 12, 1)}
    values |= {"opened_at": NOON, "step": 3, "stopped": [[1, "email", "x"]], "rests": {"a": "b"}}
    alone, among = stored_both_ways(Episode(**values, finding="one"), Episode(**values, finding="other"))
    assert alone | {"finding": None} == among | {"finding": None}


def test_a_check(lump: Lump) -> None:
    values = {"person_id": lump.person_id, "lump": lump, "observed_at": OF_A_CLOCK_ELSEWHERE, "length_mm": 11}
    values |= {"width_mm": 0.1, "readings_mm": [1, 2.5], "signs": {"fever": True, "pain": 3}, "method": None}
    values |= {"created_at": NOON, "updated_at": NOON, "rev": 7}
    alone, among = stored_both_ways(
        Observation(**values, note=AWKWARD, pk=uuid4()), Observation(**values, note=AWKWARD, pk=uuid4())
    )
    assert alone == among
    assert among["note"] == AWKWARD


def test_care_and_an_account_with_quiet_hours(lump: Lump) -> None:
    care = {"person_id": lump.person_id, "lump": lump, "on": date(2026, 2, 28), "kind": "seen", "outcome": None}
    care |= {"created_at": NOON, "updated_at": NOON}
    alone, among = stored_both_ways(CareEvent(**care), CareEvent(**care))
    assert alone == among
    account = {"quiet_from": time(22, 30), "quiet_to": time(7), "date_joined": NOON, "last_login": None}
    alone, among = stored_both_ways(User(email="bea@example.org", **account), User(email="cal@example.org", **account))
    assert alone | {"email": None} == among | {"email": None}


def test_words_that_were_not_sealed_are_not_stored(lump: Lump) -> None:
    row = Observation(person_id=lump.person_id, lump=lump, observed_at=NOON, created_at=NOON, updated_at=NOON, note="x")
    insert_rows([row])
    raw = Observation.objects.annotate(raw=models.functions.Cast("note", models.TextField()))
    assert raw.values_list("raw", flat=True).get(pk=row.pk) != "x"


def test_one_that_breaks_a_promise_of_the_table_takes_all_along(lump: Lump) -> None:
    values = {"lump": lump, "rule": "", "level": "watch", "opened_at": NOON}
    rows = [Episode(finding=name, **values) for name in ("one", "two", "one")]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_rows(rows)
    assert not Episode.objects.exists()


def test_those_that_exist_stay_as_they_are(lump: Lump) -> None:
    """An intent that was written and sent before this process died is written again, and stays sent."""
    user = User.objects.get()
    sent = an_intent(user, lump, state="sent")
    again, new = (
        Notification(**{field.attname: getattr(sent, field.attname) for field in sent._meta.concrete_fields})
        for _ in range(2)
    )
    again.state, new.pk, new.step = "waiting", uuid4(), 2
    new.created_at = NOON + timedelta(microseconds=1)
    insert_rows([again, new, new], ignore_known=True)
    sent.refresh_from_db()
    assert sent.state == "sent"
    assert Notification.objects.count() == 2
    assert Notification.objects.get(pk=new.pk).created_at == datetime(2026, 11, 20, 12, 0, 0, 1, tzinfo=UTC)
