"""The record as a FHIR R4 bundle, in plain dictionaries (evidence: ecosystem notes 4.2; docs/decisions.md).

Only what is known is written. Terms are text with UCUM units; no SNOMED CT codes, whose licence does not cover every
country. Everything was said and measured by the patient, and a Provenance says so.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any  # Any: FHIR resources are open JSON objects
from uuid import NAMESPACE_URL, UUID, uuid5

from lumptracker.clinic.answers import answer_text
from lumptracker.clinic.sentences import SEEN, method_text, place_text
from lumptracker.clinic.sheet import Sheet, taken_at
from lumptracker.clinic.words import day_text, initials, zone_of
from tracking import catalogue
from tracking.history import ObservationFacts, PhotoFacts
from tracking.texts import say

Resource = dict[str, Any]  # Any: as above

UCUM = "http://unitsofmeasure.org"
BODY_SITE = "http://hl7.org/fhir/StructureDefinition/bodySite"  # R4's extension of a concept by a BodyStructure
_HL7 = "http://terminology.hl7.org/CodeSystem"
_GENDER = {"female": "female", "male": "male", "intersex": "other", None: "unknown"}
_UNITS = {"%": "%", "°C": "Cel", "days": "d", "mm": "mm"}
_SELF = {"system": f"{_HL7}/observation-category", "code": "survey", "display": "Survey"}


def bundle_of(
    sheets: Sequence[Sheet], *, at: datetime, photo_url: str | None = None, report_url: str | None = None
) -> Resource:
    """Patient, lump, sizes, answers, pictures, the report, and whose word it is. `photo_url` holds `{id}`.

    Pictures and the report are named where the reader can fetch them from; in a SMART Health Link each is a file beside
    the bundle, with its bytes, and a second one here without them would contradict it.
    """
    resources: dict[str, Resource] = {}
    for sheet in sheets:
        for resource in _sheet_resources(sheet, photo_url=photo_url):
            resources[f"{resource['resourceType']}/{resource['id']}"] = resource
    reports = [] if report_url is None else [_report(sheets, at=at, attached={"url": report_url})]
    entries = [*resources.values(), *reports, *_provenances(sheets, photo_url=photo_url, at=at)]
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": at.isoformat(timespec="seconds"),
        "entry": [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in entries],
    }


def photo_document(sheet: Sheet, photo: PhotoFacts, picture: bytes) -> Resource:
    """One picture with its bytes, as a SMART Health Link file of its own."""
    return _photo(sheet, photo, attached={"data": base64.b64encode(picture).decode("ascii")})


def report_document(sheets: Sequence[Sheet], pdf: bytes, *, at: datetime) -> Resource:
    """The PDF with its bytes, as a file of its own: the manifest's list of types has no place for a bare PDF."""
    return _report(sheets, at=at, attached={"data": base64.b64encode(pdf).decode("ascii")})


def _sheet_resources(sheet: Sheet, *, photo_url: str | None) -> Iterator[Resource]:
    yield _patient(sheet)
    yield _body_structure(sheet)
    yield _condition(sheet)
    for check in sheet.history.observations:
        if check.judged_at <= sheet.at:
            yield from _check(sheet, check)
    if photo_url is not None:
        for photo in sheet.photos:
            yield _photo(sheet, photo, attached={"url": photo_url.format(id=photo.id)})


def _patient(sheet: Sheet) -> Resource:
    """Initials, or the name where the owner says so, and the year of birth: what the page shows, no more."""
    person = sheet.history.person
    patient: Resource = {"resourceType": "Patient", "id": str(person.id), "gender": _GENDER[person.sex]}
    if person.birth_date is not None and person.birth_date.earliest.year == person.birth_date.latest.year:
        patient["birthDate"] = str(person.birth_date.earliest.year)
    if sheet.names and person.name:
        patient["name"] = [{"text": person.name}]
    elif short := initials(person.name):
        patient["name"] = [{"use": "anonymous", "text": short}]
    return patient


def _condition(sheet: Sheet) -> Resource:
    lump = sheet.history.lump
    status = "resolved" if lump.closed_reason in ("gone", "removed") else "active"
    condition: Resource = {
        "resourceType": "Condition",
        "id": str(lump.id),
        "clinicalStatus": _coded("condition-clinical", status),
        "verificationStatus": _coded("condition-ver-status", "unconfirmed"),
        "code": {"text": say("clinic.fhir_lump")},
        "bodySite": [_place(sheet)],
        "subject": _patient_of(sheet),
        "asserter": _patient_of(sheet),
        "note": [{"text": sheet.summary.headline}],
    }
    if lump.first_noticed_on is not None:
        condition |= _onset(lump.first_noticed_on, is_exact=lump.first_noticed_certainty == "exact")
    for care in sheet.history.care:
        if care.kind in SEEN and care.confirmed and care.outcome:
            condition["note"].append({"time": care.on.isoformat(), "text": say("clinic.outcome", words=care.outcome)})
    return condition


def _onset(noticed: date, *, is_exact: bool) -> Resource:
    """A day only where the person is sure of it: a date has no "about" in FHIR, and a reader would compute with it."""
    if is_exact:
        return {"onsetDateTime": noticed.isoformat()}
    return {"onsetString": say("clinic.since_about", when=day_text(noticed, year=True))}


def _body_structure(sheet: Sheet) -> Resource:
    return {
        "resourceType": "BodyStructure",
        "id": _place_id(sheet),
        "location": {"text": place_text(sheet.history)},
        "patient": _patient_of(sheet),
    }


def _place(sheet: Sheet) -> Resource:
    """The place in words, and the BodyStructure that it is."""
    structure = {"url": BODY_SITE, "valueReference": {"reference": f"urn:uuid:{_place_id(sheet)}"}}
    return {"extension": [structure], "text": place_text(sheet.history)}


def _place_id(sheet: Sheet) -> str:
    return _own_id(sheet.history.lump.id, "place")


def _check(sheet: Sheet, check: ObservationFacts) -> Iterator[Resource]:
    sizes = [("length", check.length_mm), ("width", check.width_mm), ("depth", check.height_mm)]
    measured = [(name, value) for name, value in sizes if value]
    if measured:
        size = _observation(sheet, check, "size", say("clinic.fhir_size"))
        size["component"] = [
            {"code": {"text": say(f"clinic.fhir_{name}")}, "valueQuantity": _mm(value)} for name, value in measured
        ]
        size["method"] = {"text": method_text(check.method)}
        yield size
    for name, answer in check.signs.items():
        field = catalogue.FIELDS["observation.signs"][name]
        sign = _observation(sheet, check, name, field.label)
        if isinstance(answer, bool):
            sign["valueBoolean"] = answer
        elif isinstance(answer, int | float):
            sign["valueQuantity"] = _quantity(answer, field.unit)
        else:
            sign["valueString"] = answer_text(field, answer)
        yield sign


def _observation(sheet: Sheet, check: ObservationFacts, name: str, label: str) -> Resource:
    zone = zone_of(sheet.history.person.time_zone)
    return {
        "resourceType": "Observation",
        "id": _own_id(check.id, name),
        "status": "final",
        "category": [{"coding": [_SELF]}],
        "code": {"text": label},
        "subject": _patient_of(sheet),
        "focus": [{"reference": f"urn:uuid:{sheet.history.lump.id}"}],
        "performer": [_patient_of(sheet)],
        "effectiveDateTime": check.judged_at.astimezone(zone).isoformat(timespec="seconds"),
        "bodySite": _place(sheet),
    }


def _photo(sheet: Sheet, photo: PhotoFacts, *, attached: Resource) -> Resource:
    zone = zone_of(sheet.history.person.time_zone)
    taken = taken_at(photo, sheet.history).astimezone(zone).isoformat(timespec="seconds")
    title = say("clinic.fhir_photo_title")
    attachment = {"contentType": "image/jpeg", "creation": taken, "title": title, **attached}
    return {
        "resourceType": "DocumentReference",
        "id": str(photo.id),
        "status": "current",
        "type": {"text": say("clinic.timeline_photo")},
        "subject": _patient_of(sheet),
        "date": taken,
        "author": [_patient_of(sheet)],
        "content": [{"attachment": attachment}],
        "context": {"related": [{"reference": f"urn:uuid:{sheet.history.lump.id}"}]},
    }


def _report(sheets: Sequence[Sheet], *, at: datetime, attached: Resource) -> Resource:
    """The PDF, for readers who would rather look at it. It is about nobody in particular where it tells of several."""
    moment = at.isoformat(timespec="seconds")
    authors = list({sheet.history.person.id: _patient_of(sheet) for sheet in sheets}.values())
    attachment = {"contentType": "application/pdf", "creation": moment, "title": say("clinic.title"), **attached}
    return {
        "resourceType": "DocumentReference",
        "id": _own_id(sheets[0].history.lump.id, f"report-{moment}"),
        "status": "current",
        "type": {"text": say("clinic.as_report")},
        **({"subject": authors[0]} if len(authors) == 1 else {}),
        "date": moment,
        "author": authors,
        "content": [{"attachment": attachment}],
    }


def _provenances(sheets: Sequence[Sheet], *, photo_url: str | None, at: datetime) -> Iterator[Resource]:
    """Each person is the author of their own record, and of nobody else's."""
    persons = {sheet.history.person.id: _patient(sheet) for sheet in sheets}
    for person, patient in persons.items():
        own = [sheet for sheet in sheets if sheet.history.person.id == person]
        targets = {one["id"] for sheet in own for one in _sheet_resources(sheet, photo_url=photo_url)}
        yield _provenance(sorted(targets), patient, at=at)


def _provenance(targets: Sequence[str], patient: Resource, *, at: datetime) -> Resource:
    author = {"system": f"{_HL7}/provenance-participant-type", "code": "author", "display": "Author"}
    return {
        "resourceType": "Provenance",
        "id": _own_id(UUID(patient["id"]), f"provenance-{at.isoformat()}"),
        "target": [{"reference": f"urn:uuid:{target}"} for target in targets],
        "recorded": at.isoformat(timespec="seconds"),
        "agent": [
            {
                "type": {"coding": [author], "text": say("clinic.provenance")},
                "who": {"reference": f"urn:uuid:{patient['id']}"},
            }
        ],
    }


def _patient_of(sheet: Sheet) -> Resource:
    return {"reference": f"urn:uuid:{sheet.history.person.id}"}


def _coded(system: str, code: str) -> Resource:
    return {"coding": [{"system": f"{_HL7}/{system}", "code": code}]}


def _mm(value: float) -> Resource:
    return {"value": value, "unit": "mm", "system": UCUM, "code": "mm"}


def _quantity(value: float, unit: str | None) -> Resource:
    return {"value": value, "unit": unit or "1", "system": UCUM, "code": _UNITS.get(unit or "", "1")}


def _own_id(parent: UUID, part: str) -> str:
    """A stable id for what has none of its own."""
    return str(uuid5(NAMESPACE_URL, f"{parent}#{part}"))
