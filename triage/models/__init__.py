"""The tables of the judgement: what was found, by which rules, what is open, whom to tell, what was told."""

from triage.models.addresses import CalendarFeed, GivenAddress
from triage.models.assessments import Assessment, Episode, Heartbeat, Stumble
from triage.models.contacts import ReminderTest, TrustedContact
from triage.models.editions import RulebookEdition
from triage.models.outbox import Notification, PushSubscription, ServiceHold

__all__ = [
    "Assessment",
    "CalendarFeed",
    "Episode",
    "GivenAddress",
    "Heartbeat",
    "Notification",
    "PushSubscription",
    "ReminderTest",
    "RulebookEdition",
    "ServiceHold",
    "Stumble",
    "TrustedContact",
]
