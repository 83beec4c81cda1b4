"""When an episode ends, and why it stands until then. Silence ends nothing that was urgent; an answer against it, care
or a closed lump does. One smaller reading, an answer that ran out and a change of the rules do not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any, Literal

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
    for document, rev in chain([(judged.document, judged.papers.bare.last_rev)], _stored(judged)):
        for row in document["findings"]:
            is_same = row["rule"] == episode.rule or episode_name(row["rule"]) == episode.finding
            if is_same and not is_stronger(episode.level, row["level"]):
                return Told(row, datetime.fromisoformat(document["at"]), rev)
    return None


def _stored(judged: Judged) -> Iterator[tuple[Mapping[str, Any], int]]:  # Any: the assessment as JSON
    """Earlier judgements, the latest first. Only who wants more than that one asks the table."""
    previous = judged.papers.previous
    if previous is None:
        return
    yield previous.document, previous.history_rev
    older = judged.lump.assessments.exclude(pk=previous.pk).order_by("-at", "-pk")
    yield from older.values_list("document", "history_rev").iterator()


def _was_edited_since(told: Told, judged: Judged) -> bool:
    """Was anything that was there when it was told changed or deleted? What was added since does not count."""
    lump, bare = judged.lump, judged.papers.bare
    if max(lump.rev, lump.person.rev) > told.history_rev:
        return True
    stamps = chain(bare.checks.values(), bare.care.values())
    if any(stamp.rev > told.history_rev and stamp.created_at <= told.at for stamp in stamps):
        return True
    return Tombstone.objects.filter(person_id=lump.person_id, rev__gt=told.history_rev).exists()


def _was_cared_for(episode: Episode, judged: Judged) -> bool:
    """Care after it opened. On the day itself only what was logged after it opened: a visit in the morning did not
    deal with what was found in the evening."""
    zone = zone_named(judged.history.person.time_zone)
    opened_on = episode.opened_at.astimezone(zone).date()
    today = judged.at.astimezone(zone).date()
    stamps = judged.papers.bare.care
    return any(
        one.kind in CARE_THAT_ENDS
        and one.confirmed
        and one.on <= today
        and (one.on > opened_on or (one.on == opened_on and stamps[one.id].created_at > episode.opened_at))
        for one in judged.history.care
    )


def _was_stable_long(episode: Episode, judged: Judged) -> bool:
    """Sizes measured over eight weeks, and each judgement in them calm, or the sizes themselves show that it has stood
    still for as long. Not measuring shows nothing."""
    measured_at = _last_measured_at(judged.record)
    calm = [one for one in (_calm_since(episode, judged), _stands_since(episode, judged)) if one is not None]
    return measured_at is not None and any(measured_at - since >= GROWTH_STAYS for since in calm)


def _stands_since(episode: Episode, judged: Judged) -> datetime | None:
    """The first of the sizes that stand still since the alarm. Where it is the first of all, nothing shows that what
    grew has come to a stop."""
    growth = judged.document["growth"]
    if growth["state"] not in CALM or growth["since"] is None:
        return None
    since, record = date.fromisoformat(growth["since"]), judged.record
    is_after_others = any(record.day_of(one.judged_at) < since for one in record.observations if one.length_mm)
    return record.start_of(since) if is_after_others and since >= record.day_of(episode.opened_at) else None


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
