"""What somebody else's reading of FHIR R4 finds wrong, without a network.

The structure (elements, how often, of which type, how written) is the validator's, made from HL7's definitions. It
knows no lists of codes, so those that R4 binds as required are listed here, for the elements that the bundle uses.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any  # Any: JSON

import fhirkit

HL7 = "http://terminology.hl7.org/CodeSystem"
REQUIRED_CODES = {
    ("Bundle", "type"): "document message transaction transaction-response batch batch-response history searchset "
    "collection",
    ("Patient", "gender"): "male female other unknown",
    ("Observation", "status"): "registered preliminary final amended corrected cancelled entered-in-error unknown",
    ("DocumentReference", "status"): "current superseded entered-in-error",
}
REQUIRED_CONCEPTS = {
    "clinicalStatus": ("condition-clinical", "active recurrence relapse inactive remission resolved"),
    "verificationStatus": (
        "condition-ver-status",
        "unconfirmed provisional differential confirmed refuted entered-in-error",
    ),
}
NAME_USES = {"usual", "official", "temp", "nickname", "anonymous", "old", "maiden"}


def faults_of(resource: dict[str, Any]) -> list[str]:
    """One line each, errors and warnings alike; empty where there is nothing to say against it."""
    entries = [entry["resource"] for entry in resource.get("entry", [])]
    codes = [fault for one in (resource, *entries) for fault in _wrong_codes(one)]
    return [str(issue) for issue in fhirkit.validate(resource)] + codes


def _wrong_codes(resource: dict[str, Any]) -> Iterator[str]:
    kind = resource.get("resourceType")
    for (of, name), codes in REQUIRED_CODES.items():
        if kind == of and name in resource and resource[name] not in codes.split():
            yield f"{kind}.{name}: {resource[name]} is not in R4's list"
    if kind == "Condition":
        for name, (system, codes) in REQUIRED_CONCEPTS.items():
            for coding in resource.get(name, {}).get("coding", []):
                if coding.get("system") != f"{HL7}/{system}" or coding.get("code") not in codes.split():
                    yield f"Condition.{name}: {coding} is not in R4's list"
    if kind == "Patient":
        for name in resource.get("name", []):
            if name.get("use", "usual") not in NAME_USES:
                yield f"Patient.name.use: {name['use']} is not in R4's list"


def references(node: object) -> set[str]:
    """Every address that anything in it refers to."""
    if isinstance(node, dict):
        own = {node["reference"]} if isinstance(node.get("reference"), str) else set()
        return own.union(*(references(value) for value in node.values()))
    if isinstance(node, list):
        return set().union(*(references(value) for value in node))
    return set()
