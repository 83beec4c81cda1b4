"""The tables of the judgement: what was found, what is open, whom to tell, what was told."""

from triage.models.assessments import Assessment, Episode, Heartbeat, Stumble
from triage.models.outbox import Notification, PushSubscription

__all__ = ["Assessment", "Episode", "Heartbeat", "Notification", "PushSubscription", "Stumble"]
