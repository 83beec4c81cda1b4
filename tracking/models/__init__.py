"""The tables of the record. Each file is one room: who, what was logged, what was shared, what phones sent."""

from tracking.models.accounts import Membership, Person, User
from tracking.models.record import CareEvent, Lump, Observation, Photo
from tracking.models.sharing import Access, HelperLink, ShareLink
from tracking.models.sync import Operation, Superseded, Tombstone

__all__ = [
    "Access",
    "CareEvent",
    "HelperLink",
    "Lump",
    "Membership",
    "Observation",
    "Operation",
    "Person",
    "Photo",
    "ShareLink",
    "Superseded",
    "Tombstone",
    "User",
]
