"""One shared lump, read once and ready for every form: page, text, FHIR."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any  # Any: the assessment is JSON whose shape is the contract's section 4

from lumptracker.clinic.chart import Dot, Drawing, Fit, Mark, draw_chart, noon
from lumptracker.clinic.sentences import Advice
from lumptracker.clinic.sizes import Measurement
from lumptracker.clinic.summary import Summary, summarise
from lumptracker.clinic.words import zone_of
from tracking.history import CareFacts, History, PhotoFacts
from tracking.models import Lump, Photo, ShareLink
from tracking.reader import Whole, whole_histories
from tracking.shared import shared_lumps, shared_photos
from tracking.texts import language_in_force, say
from triage.ladder import LEVELS
from triage.models import Assessment
from triage.papers import Papers
from triage.shown import standing_assessment
from triage.spoken import in_language, title_of

Document = dict[str, Any]  # Any: as above


@dataclass(frozen=True, slots=True)
class Sheet:
    """A lump as its holder may see it. `photos` are those that may be looked at, oldest first."""

    history: History
    assessment: Document
    advised: tuple[Advice, ...]
    photos: tuple[PhotoFacts, ...]
    summary: Summary
    at: datetime
    names: bool = False  # the person's name instead of initials


def shared_sheets(link: ShareLink, *, at: datetime) -> list[Sheet]:
    """Every lump of a link, the most urgent first."""
    lumps = shared_lumps(link)
    photos, told = shared_photos(link, lumps=lumps), whole_histories(lumps)
    sheets = [_sheet(link, lump, told[lump.pk], photos, at=at) for lump in lumps]
    return sorted(sheets, key=lambda sheet: LEVELS.index(sheet.assessment["standing_level"]))


def _sheet(link: ShareLink, lump: Lump, whole: Whole, photos: Sequence[Photo], *, at: datetime) -> Sheet:
    history, papers, given = whole.history, Papers(lump, whole.bare), list(lump.assessments.order_by("at", "pk"))
    papers.previous = given[-1] if given else None
    region, language = history.person.region, language_in_force()
    assessment = in_language(standing_assessment(papers, at=at), language=language, region=region)
    advised = tuple(advice_given(given))
    allowed = {photo.pk for photo in photos if photo.lump_id == lump.pk}
    shown = tuple(sorted((one for one in history.photos if one.id in allowed), key=lambda one: taken_at(one, history)))
    summary = summarise(history, assessment, advised, at=at, names=link.names)
    return Sheet(history, assessment, advised, shown, summary, at, link.names)


def advice_given(assessments: Iterable[Assessment]) -> list[Advice]:
    """What was said when: the findings of each stored judgement that were new or at another level than before."""
    given: list[Advice] = []
    before: dict[str, str] = {}
    for assessment in assessments:
        findings = assessment.document["findings"]
        fresh = [one for one in findings if before.get(one["rule"]) != one["level"]]
        if fresh:
            given.append(Advice(assessment.at, fresh[0]["level"], tuple(map(_title, fresh))))
        before = {one["rule"]: one["level"] for one in findings}
    return given


def _title(finding: Document) -> str:
    return title_of(finding, language=language_in_force())


def taken_at(photo: PhotoFacts, history: History) -> datetime:
    """When a picture was taken; where the phone did not say, when its check was."""
    if photo.taken_at is not None:
        return photo.taken_at
    check = next((one for one in history.observations if one.id == photo.observation), None)
    return check.observed_at if check is not None else datetime.max.replace(tzinfo=zone_of("UTC"))


def chart_of(sheet: Sheet, *, width: int = 720, height: int = 242, font: str = "system-ui, sans-serif") -> str:
    """The growth chart as SVG, in the person's own time zone."""
    return draw_chart(replace(drawing_of(sheet), width=width, height=height, font=font))


def drawing_of(sheet: Sheet) -> Drawing:
    """What the chart shows, to be drawn in one size or several."""
    zone = zone_of(sheet.history.person.time_zone)
    dots = [Dot(one.at.astimezone(zone), one.length_mm, one.low_mm, one.high_mm) for one in sheet.summary.measurements]
    until = sheet.at.astimezone(zone)
    marks = [
        *(Mark(one.at.astimezone(zone), "advice", say(f"clinic.level_{one.level}")) for one in sheet.advised),
        *(Mark(noon(one.on, until), "care", say(f"clinic.mark_{one.kind}")) for one in _care_to_draw(sheet)),
    ]
    words = say("clinic.chart_label", words=sheet.summary.headline)
    photos = [taken_at(photo, sheet.history).astimezone(zone) for photo in sheet.photos]
    fit = _fit(sheet.assessment, sheet.summary.measurements, until)
    return Drawing(dots, until, words, marks, photos, fit)


def chart_key(sheet: Sheet) -> str:
    """What the shapes in the chart mean, in one line."""
    parts = [
        say("clinic.chart_bars"),
        f"– – {say('clinic.chart_fit')}" if has_fit(sheet) else "",
        f"▼ {say('clinic.chart_advice')}" if sheet.advised else "",
        f"□ {say('clinic.chart_care')}" if has_care(sheet) else "",
        f"○ {say('clinic.chart_photo')}" if sheet.photos else "",
    ]
    return " · ".join(part for part in parts if part)


def has_fit(sheet: Sheet) -> bool:
    """Whether the chart carries the line of fitted growth."""
    return _fit(sheet.assessment, sheet.summary.measurements, sheet.at) is not None


def has_care(sheet: Sheet) -> bool:
    """Whether the chart carries a mark of what was done."""
    return bool(_care_to_draw(sheet))


def _care_to_draw(sheet: Sheet) -> list[CareFacts]:
    """What was done by then. A mark has no room to say that the person has not confirmed it, so it waits for that."""
    today = sheet.at.astimezone(zone_of(sheet.history.person.time_zone)).date()
    return [one for one in sheet.history.care if one.confirmed and one.on <= today]


def _fit(assessment: Document, sizes: Sequence[Measurement], like: datetime) -> Fit | None:
    """The fitted sizes then and now, from the change that the assessment states; None when it is not growing."""
    growth = assessment.get("growth") or {}
    change, percent, since = growth.get("change_mm"), growth.get("change_percent"), growth.get("since")
    if growth.get("state") != "growing" or not change or not percent or not since or not sizes:
        return None
    start = change / (percent / 100)
    day = noon(date.fromisoformat(since[:10]), like) - timedelta(hours=12)
    return Fit(day, start, start + change)
