"""The history document: one lump and everything logged about it, as plain frozen values.

This is the common language of export, import, triage and the clinician's page (docs/history.md).
`parse_history` reads the JSON form (format `lumptracker.history/1`), `write_history` writes it; both are pure.
"""

from tracking.history_read import parse_history
from tracking.history_values import (
    FORMAT,
    Answer,
    Answers,
    CareBy,
    CareFacts,
    Certainty,
    History,
    LumpFacts,
    ObservationFacts,
    PartialDate,
    PersonFacts,
    PhotoFacts,
    Pin,
    Sex,
    Side,
)
from tracking.history_write import write_history

__all__ = [
    "FORMAT",
    "Answer",
    "Answers",
    "CareBy",
    "CareFacts",
    "Certainty",
    "History",
    "LumpFacts",
    "ObservationFacts",
    "PartialDate",
    "PersonFacts",
    "PhotoFacts",
    "Pin",
    "Sex",
    "Side",
    "parse_history",
    "write_history",
]
