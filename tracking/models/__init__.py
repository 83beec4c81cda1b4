"""The tables of the record. Each file is one room: who, what was logged, what was shared, what phones sent."""

from tracking.models.access_log import Consent, LogEntry, LogHead
from tracking.models.accounts import Membership, Person, User
from tracking.models.invitations import Invitation
from tracking.models.keys import SealingKey
from tracking.models.moving import Erasure, Export, Import
from tracking.models.record import CareEvent, Lump, Observation, Photo
from tracking.models.sharing import Access, HelperLink, ShareLink
from tracking.models.sync import Operation, Superseded, Tombstone

__all__ = [
    "Access",
    "CareEvent",
    "Consent",
    "Erasure",
    "Export",
    "HelperLink",
    "Import",
    "Invitation",
    "LogEntry",
    "LogHead",
    "Lump",
    "Membership",
    "Observation",
    "Operation",
    "Person",
    "Photo",
    "SealingKey",
    "ShareLink",
    "Superseded",
    "Tombstone",
    "User",
]
