"""The bundle, held to FHIR R4 by a validator that is not ours."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any  # Any: JSON
from uuid import UUID, uuid4

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from lumptracker.clinic.fhir import bundle_of
from lumptracker.clinic.sheet import shared_sheets
from lumptracker.demo.account import hand_over_twelve, make_demo
from tests.lumptracker.fhir_reading import faults_of, references
from tests.lumptracker.readers import PASSCODE, Reader, share
from tests.people import Somebody, ada
from tests.pictures import jpeg
from tests.uploads import send
from tracking import catalogue

pytestmark = pytest.mark.any_database("how a history is written as FHIR")

Json = Any  # Any: JSON
PHOTO_URL = "https://tracker.example.org/s/view/photos/{id}/large/"


@pytest.fixture(name="ada")
def _ada() -> Somebody:
    return ada()


def any_answer(field: catalogue.Field) -> object:
    """One answer that the catalogue allows."""
    if field.kind == "flag":
        return True
    return next(iter(field.choices)) if field.kind == "choice" else field.max


def bundle_for(owner: Somebody, *lumps: UUID, **wishes: object) -> Json:
    bea = Reader()
    bea.open(token=share(owner, *lumps, **wishes).token, passcode=PASSCODE)
    answer = bea.get("bundle.json")
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def addresses(bundle: Json) -> list[str]:
    """Where its pictures and the report lie, each a whole address: a saved bundle has no page to start from."""
    documents = [one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == "DocumentReference"]
    return [content["attachment"]["url"] for one in documents for content in one["content"]]


def kinds_in(bundle: Json) -> set[str]:
    return {entry["resource"]["resourceType"] for entry in bundle["entry"]}


@pytest.mark.django_db(transaction=True)
def test_the_bundle_of_a_full_record_is_fhir_r4(ada: Somebody, settings: Settings) -> None:
    lump = ada.put_lump(ada.put_person(name="Ada Example", birth_date="1971-04-09", sex="female"), side="left")
    check = ada.put_observation(lump, length_mm=18, width_mm=14.5, height_mm=9, method="ruler", note="sore <today>")
    assert send(ada, check, jpeg(), photo=uuid4()).status_code == 201
    ada.put(f"care/{uuid4()}/", {"lump": str(lump), "on": "2026-11-02", "kind": "seen", "outcome": "Watch it"})
    bea = Reader()
    bea.open(token=share(ada, lump, names=True).token, passcode=PASSCODE)
    bundle = json.loads(bea.get("bundle.json").content)
    assert faults_of(bundle) == []
    assert [
        bea.client.get(url.removeprefix(settings.PUBLIC_URL)).headers["Content-Type"] for url in addresses(bundle)
    ] == [
        "image/jpeg",
        "application/pdf",
    ]
    (place,) = [one["fullUrl"] for one in bundle["entry"] if one["resource"]["resourceType"] == "BodyStructure"]
    sites = [first(bundle, "Condition")["bodySite"][0], first(bundle, "Observation")["bodySite"]]
    assert [site["extension"][0]["valueReference"]["reference"] for site in sites] == [place, place]
    assert kinds_in(bundle) == {
        "Patient",
        "Condition",
        "BodyStructure",
        "Observation",
        "DocumentReference",
        "Provenance",
    }


@pytest.mark.django_db
def test_a_record_with_next_to_nothing_in_it_is_fhir_r4_too(ada: Somebody) -> None:
    assert faults_of(bundle_for(ada, ada.put_lump())) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("certainty", "onset"),
    [
        ("exact", {"onsetDateTime": "2026-09-20"}),
        ("about", {"onsetString": "noticed about 20 Sep 2026"}),
        ("unknown", {"onsetString": "noticed about 20 Sep 2026"}),
    ],
)
def test_a_day_that_is_not_sure_is_no_date_to_compute_with(
    ada: Somebody, certainty: str, onset: dict[str, str]
) -> None:
    lump = ada.put_lump(first_noticed_on="2026-09-20", first_noticed_certainty=certainty)
    bundle = bundle_for(ada, lump)
    (condition,) = [one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == "Condition"]
    assert {name: value for name, value in condition.items() if name.startswith("onset")} == onset
    assert faults_of(bundle) == []


@pytest.mark.django_db
def test_every_sign_that_can_be_answered_makes_an_observation_that_is_fhir_r4(ada: Somebody) -> None:
    signs = {name: any_answer(field) for name, field in catalogue.FIELDS["observation.signs"].items()}
    lump = ada.put_lump()
    ada.put_observation(lump, signs=signs)
    bundle = bundle_for(ada, lump)
    assert faults_of(bundle) == []
    assert json.dumps(bundle).count('"resourceType": "Observation"') == len(signs)


@pytest.mark.django_db
def test_twelve_unlike_histories_are_fhir_r4() -> None:
    at = timezone.now()
    links = hand_over_twelve(make_demo(at=at), at=at)
    bundles = {
        name: bundle_of(shared_sheets(made.link, at=at), at=at, photo_url=PHOTO_URL) for name, made in links.items()
    }
    assert len(bundles) == 12
    assert {name: faults for name, bundle in bundles.items() if (faults := faults_of(bundle))} == {}
    for name, bundle in bundles.items():
        made = {entry["fullUrl"]: entry["resource"]["resourceType"] for entry in bundle["entry"]}
        assert references(bundle) <= made.keys(), name
        (provenance,) = (entry["resource"] for entry in bundle["entry"] if made[entry["fullUrl"]] == "Provenance")
        theirs = {url for url, kind in made.items() if kind != "Provenance"}
        assert references(provenance["target"]) == theirs, name
        (patient,) = (url for url, kind in made.items() if kind == "Patient")
        assert [agent["who"]["reference"] for agent in provenance["agent"]] == [patient]


@pytest.mark.django_db
def test_an_answer_that_its_owner_has_not_confirmed_is_no_note_of_the_condition(ada: Somebody) -> None:
    lump = ada.put_lump()
    bea = Reader()
    bea.open(token=share(ada, lump, write_back=True).token, passcode=PASSCODE)
    bea.client.post("/s/view/reply/", {"lump": str(lump), "seen_on": "2026-10-02", "plan": "Scan, then call."})
    (care,) = ada.get(f"care/?lump={lump}")["results"]
    assert "Scan" not in json.dumps(first(json.loads(bea.get("bundle.json").content), "Condition"))
    ada.put(f"care/{care['id']}/", {**care, "confirmed": True})
    assert "Scan" in json.dumps(first(json.loads(bea.get("bundle.json").content), "Condition"))


# The validator sees what is wrong


def dropped(kind: str, name: str) -> Callable[[Json], None]:
    return lambda bundle: first(bundle, kind).pop(name)


def put(kind: str, name: str, value: object) -> Callable[[Json], None]:
    return lambda bundle: first(bundle, kind).update({name: value})


def first(bundle: Json, kind: str) -> Json:
    return next(entry["resource"] for entry in bundle["entry"] if entry["resource"]["resourceType"] == kind)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "spoil",
    [
        dropped("Observation", "status"),
        dropped("Observation", "code"),
        dropped("BodyStructure", "patient"),
        dropped("Condition", "subject"),
        dropped("Provenance", "agent"),
        dropped("DocumentReference", "content"),
        put("Observation", "status", "finished"),
        put("Observation", "effectiveDateTime", "2026-11-22T10:00:00"),
        put("Observation", "valueBoolean", "yes"),
        put("Observation", "component", []),
        put("Observation", "size", 12),
        put("Patient", "gender", "f"),
        put("Patient", "birthDate", "71"),
        put("Condition", "verificationStatus", {"coding": [{"system": "x", "code": "sure"}]}),
        put("DocumentReference", "date", "today"),
    ],
)
def test_a_spoilt_bundle_is_noticed(ada: Somebody, spoil: Callable[[Json], None]) -> None:
    lump = ada.put_lump()
    ada.put_observation(lump, length_mm=18, method="ruler")
    bundle = bundle_for(ada, lump)
    spoilt = copy.deepcopy(bundle)
    spoil(spoilt)
    assert (faults_of(bundle), bool(faults_of(spoilt))) == ([], True)
