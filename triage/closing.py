"""When an episode ends, and why it stands until then. Silence ends nothing that was urgent; an answer against it, care
or a closed lump does. One smaller reading, an answer that ran out and a change of the rules do not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Literal

from django.db.models import Q

from tracking.models import Tombstone
from triage.contradiction import Told, answers_that_end, is_mended, is_too_old, open_answers
from triage.facts import Record
from triage.judged import Judged, episode_name, levels_of
from triage.ladder import GROWTH_STAYS, LASTING, is_stronger
from triage.models import Episode, Notification
from triage.schedule import zone_named

CARE_THAT_ENDS = ("seen", "diagnosis", "discharged", "treated", "removed")
CALM = ("stable", "shrinking")

Why = Literal["holds", "unanswered", "growth", "not_contradicted"]


@dataclass(frozen=True, slots=True)
class Standing:
    """Why an episode is still open, and the answers that would end it (none: no answer does)."""

    why: Why
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ended:
    """What ended an episode: care, lump_closed, passed or contradicted."""

    by: str


def close_episode(episode: Episode, *, by: str, at: datetime) -> None:
    """End it, and cancel what was not sent yet."""
    episode.closed_at, episode.closed_by, episode.next_step_at = at, by, None
    episode.save(update_fields=["closed_at", "closed_by", "next_step_at"])
    episode.notifications.filter(state=Notification.State.WAITING).update(state=Notification.State.CANCELLED)


def fate_of(episode: Episode, judged: Judged) -> Standing | Ended:
    """Does this open episode stand, as the lump was just judged?"""
    if _was_cared_for(episode, judged):
        return Ended("care")
    told = last_told(episode, judged)
    level = judged.firing.get(episode.finding)
    if level and not is_stronger(episode.level, level):
        return Standing("holds", tuple(answers_that_end(told)) if told else ())
    if judged.record.closed:
        return Ended("lump_closed")
    if episode.level not in LASTING:
        return Standing("holds") if level else Ended("passed")
    return _lasting_fate(episode, told, judged)


def _lasting_fate(episode: Episode, told: Told | None, judged: Judged) -> Standing | Ended:
    """Of something urgent that does not hold any more."""
    if told is None:
        return Standing("not_contradicted")
    is_quiet = episode.finding not in (judged.firing.keys() | judged.undecided)
    if is_quiet and _was_edited_since(told, judged) and is_mended(told, judged.history):
        return Ended("contradicted")
    if episode.about_growth or told.rests_on_growth:
        return Ended("contradicted") if _was_stable_long(episode, judged) else Standing("growth")
    said = answers_that_end(told)
    left = open_answers(said, judged.record)
    if said and not left:
        return Ended("contradicted")
    why: Why = "unanswered" if any(is_too_old(name, judged.record) for name in left) else "not_contradicted"
    return Standing(why, tuple(left))


def last_told(episode: Episode, judged: Judged) -> Told | None:
    """The finding as it was last told while it held: in the judgement just made, or the latest stored one."""
    stored = episode.lump.assessments.order_by("-at", "-pk").values_list("document", "history_rev")
    for document, rev in chain([(judged.document, judged.lump.person.last_rev)], stored.iterator()):
        for row in document["findings"]:
            is_same = row["rule"] == episode.rule or episode_name(row["rule"]) == episode.finding
            if is_same and not is_stronger(episode.level, row["level"]):
                return Told(row, datetime.fromisoformat(document["at"]), rev)
    return None


def _was_edited_since(told: Told, judged: Judged) -> bool:
    """Was anything that was there when it was told changed or deleted? What was added since does not count."""
    lump = judged.lump
    if max(lump.rev, lump.person.rev) > told.history_rev:
        return True
    if any(
        rows.filter(rev__gt=told.history_rev, created_at__lte=told.at).exists()
        for rows in (lump.observations, lump.care_events)
    ):
        return True
    return Tombstone.objects.filter(person_id=lump.person_id, rev__gt=told.history_rev).exists()


def _was_cared_for(episode: Episode, judged: Judged) -> bool:
    """Care after it opened. On the day itself only what was logged after it opened: a visit in the morning did not
    deal with what was found in the evening."""
    zone = zone_named(judged.history.person.time_zone)
    opened_on = episode.opened_at.astimezone(zone).date()
    today = judged.at.astimezone(zone).date()
    care = judged.lump.care_events.filter(kind__in=CARE_THAT_ENDS, confirmed=True, on__lte=today)
    return care.filter(Q(on__gt=opened_on) | Q(on=opened_on, created_at__gt=episode.opened_at)).exists()


def _was_stable_long(episode: Episode, judged: Judged) -> bool:
    """Sizes measured over eight weeks, and each judgement in them calm. Not measuring shows nothing."""
    since, measured_at = _calm_since(episode, judged), _last_measured_at(judged.record)
    return since is not None and measured_at is not None and measured_at - since >= GROWTH_STAYS


def _calm_since(episode: Episode, judged: Judged) -> datetime | None:
    """When the judgement first said stable or shrinking after it last said otherwise, or the finding last held."""
    since = None
    if judged.document["growth"]["state"] in CALM:
        for at, document in judged.lump.assessments.order_by("-at", "-pk").values_list("at", "document").iterator():
            if document["growth"]["state"] not in CALM or episode.finding in levels_of(document):
                break
            since = at
    return since


def _last_measured_at(record: Record) -> datetime | None:
    return max((one.judged_at for one in record.observations if one.length_mm), default=None)
