"""When an episode ends. Silence ends nothing that was urgent; an answer, care, or a closed lump does."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max, Q

from triage.judged import Judged, episode_name
from triage.ladder import GROWTH_STAYS, LEVELS
from triage.models import Assessment, Episode, Notification
from triage.schedule import zone_named

CARE_THAT_ENDS = ("seen", "diagnosis", "discharged", "treated", "removed")


def close_episode(episode: Episode, *, by: str, at: datetime) -> None:
    """End it, and cancel what was not sent yet."""
    episode.closed_at, episode.closed_by, episode.next_step_at = at, by, None
    episode.save(update_fields=["closed_at", "closed_by", "next_step_at"])
    episode.notifications.filter(state=Notification.State.WAITING).update(state=Notification.State.CANCELLED)


def reason_to_close(episode: Episode, judged: Judged) -> str:
    """`""` while it stands. Silence closes nothing of `this_week` or above; neither does an answer that ran out."""
    finding = episode.finding
    if _was_cared_for(episode, judged):
        return "care"
    if finding in judged.firing:
        return ""
    if judged.history.lump.closed_on is not None:
        return "lump_closed"
    if episode.about_growth:
        return "contradicted" if _was_stable_long(judged) else ""
    if episode.level == LEVELS[-2]:  # routine
        return "passed"
    unanswered = {
        name for row in judged.document["unknown"] if episode_name(row["rule"]) == finding for name in row["missing"]
    }
    return "" if unanswered & _rested_on(episode) else "contradicted"


def _rested_on(episode: Episode) -> set[str]:
    """The facts that made it fire when it last did. Unknown now because other things were never asked is no reason
    to keep it; unknown because one of these ran out is."""
    for document in episode.lump.assessments.order_by("-at", "-pk").values_list("document", flat=True).iterator():
        facts = {
            reason["fact"].rpartition(".")[2]
            for row in document["findings"]
            if episode_name(row["rule"]) == episode.finding
            for reason in row["because"]
        }
        if facts:
            return facts
    return set()


def _was_cared_for(episode: Episode, judged: Judged) -> bool:
    """Care after it opened. On the day itself only what was logged after it opened: a visit in the morning did not
    deal with what was found in the evening."""
    zone = zone_named(judged.history.person.time_zone)
    opened_on = episode.opened_at.astimezone(zone).date()
    today = judged.at.astimezone(zone).date()
    care = judged.lump.care_events.filter(kind__in=CARE_THAT_ENDS, confirmed=True, on__lte=today)
    return care.filter(Q(on__gt=opened_on) | Q(on=opened_on, created_at__gt=episode.opened_at)).exists()


def _was_stable_long(judged: Judged) -> bool:
    """Eight weeks in which every answer said stable or shrinking."""
    calm = ("stable", "shrinking")
    if judged.document["growth"]["state"] not in calm:
        return False
    last = (
        Assessment.objects.filter(lump=judged.lump)
        .exclude(document__growth__state__in=calm)
        .aggregate(at=Max("confirmed_at"))
    )
    return last["at"] is not None and judged.at - last["at"] >= GROWTH_STAYS
