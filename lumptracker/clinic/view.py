"""`/s/view/` and all under it: each part asks the door again, so that a revocation counts from the next request on."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe

from lumptracker.clinic.body import draw_body
from lumptracker.clinic.brief import MOST_FINDINGS, SCREEN, earlier_advice, latest_done, short
from lumptracker.clinic.chart import draw_chart
from lumptracker.clinic.fhir import bundle_of
from lumptracker.clinic.inner_door import for_holder
from lumptracker.clinic.privacy import BYTES_POLICY, PAGE_POLICY
from lumptracker.clinic.record_text import record_text
from lumptracker.clinic.reply import may_reply
from lumptracker.clinic.report import Busy, report_of
from lumptracker.clinic.scale import at_one_scale
from lumptracker.clinic.sheet import Sheet, drawing_of, has_care, has_fit, shared_sheets, taken_at
from lumptracker.clinic.ticket import Ticket
from lumptracker.clinic.timeline import timeline_of
from lumptracker.clinic.words import day_text, instant_text, mm_text, near_day_text, span_text, zone_of
from tracking.errors import NotFound
from tracking.models import ShareLink
from tracking.shared import access_shared_photo, note_access, shared_photos
from tracking.texts import say
from tracking.vault import VaultError, read_bytes

REPORT, PHOTO = "/s/view/report.pdf", "/s/view/photos/{id}/large/"
STRIP_PX = (104.0, 116.0)  # the room for one picture of the strip
MOST_PX_PER_MM = 8.0
CHART_HEIGHT, LOW_CHART_HEIGHT = 242, 190  # the lower one where the list of what was done is full
MOST_PHOTOS = 6  # in the strip: the first and the latest
SOON = {"Retry-After": "5"}


@for_holder(PAGE_POLICY)
def page(request: HttpRequest, link: ShareLink, _: Ticket, at: datetime) -> HttpResponse:
    """The clinician's page."""
    sheets = [
        {**_shown(sheet), "may_reply": may_reply(link, sheet.history.lump.id)} for sheet in shared_sheets(link, at=at)
    ]
    zone = zone_of(link.user.time_zone)
    context = {"sheets": sheets, "open_until": instant_text(link.expires_at.astimezone(zone))}
    return render(request, "clinic/page.html", context)


@for_holder(BYTES_POLICY)
def bundle(_: HttpRequest, link: ShareLink, ticket: Ticket, at: datetime) -> HttpResponse:
    """The FHIR R4 bundle."""
    note_access(link, reader=ticket.reader, what="bundle", at=at)
    photo_url, report_url = f"{settings.PUBLIC_URL}{PHOTO}", f"{settings.PUBLIC_URL}{REPORT}"
    document = bundle_of(shared_sheets(link, at=at), at=at, photo_url=photo_url, report_url=report_url)
    return HttpResponse(json.dumps(document, ensure_ascii=False), content_type="application/fhir+json")


@for_holder(BYTES_POLICY)
def record(_: HttpRequest, link: ShareLink, ticket: Ticket, at: datetime) -> HttpResponse:
    """The same as plain text, to paste into another record."""
    note_access(link, reader=ticket.reader, what="record", at=at)
    text = "\n".join(record_text(sheet) for sheet in shared_sheets(link, at=at))
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


@for_holder(BYTES_POLICY)
def report(_: HttpRequest, link: ShareLink, ticket: Ticket, at: datetime) -> HttpResponse:
    """The same as a PDF, to keep or to print."""
    keys = {photo.pk: photo.large_key for photo in shared_photos(link)}
    try:
        pdf = report_of(shared_sheets(link, at=at), keys, at=at)
    except Busy:
        return HttpResponse(say("door.busy"), status=503, content_type="text/plain; charset=utf-8", headers=SOON)
    note_access(link, reader=ticket.reader, what="report", at=at)
    return HttpResponse(
        pdf, content_type="application/pdf", headers={"Content-Disposition": 'inline; filename="report.pdf"'}
    )


@for_holder(BYTES_POLICY)
def photo_large(_: HttpRequest, link: ShareLink, ticket: Ticket, at: datetime, *, photo_id: UUID) -> HttpResponse:
    """One picture, as large as it is kept."""
    photo = access_shared_photo(link, photo_id)
    note_access(link, reader=ticket.reader, what="photo", at=at)
    return _picture(photo.large_key)


@for_holder(BYTES_POLICY)
def photo_thumb(_: HttpRequest, link: ShareLink, __: Ticket, ___: datetime, *, photo_id: UUID) -> HttpResponse:
    """One picture in the size of the strip; part of the page, so not noted apart."""
    return _picture(access_shared_photo(link, photo_id).thumb_key)


def _picture(key: str) -> HttpResponse:
    try:
        picture = read_bytes(key)
    except VaultError as error:
        raise NotFound from error
    return HttpResponse(picture, content_type="image/jpeg", headers={"Content-Disposition": "inline"})


def _shown(sheet: Sheet) -> dict[str, object]:
    """A sheet as the template takes it. The chart is markup that `draw_chart` escaped itself."""
    done = latest_done(sheet.summary, SCREEN)
    height = CHART_HEIGHT if len(done) <= SCREEN.steps else LOW_CHART_HEIGHT
    timeline, drawing = timeline_of(sheet), replace(drawing_of(sheet), height=height)
    return {
        "told": sheet.summary,
        "no": short(sheet.summary.no, letters=SCREEN.refused),
        "not_asked": short(sheet.summary.not_asked, letters=SCREEN.unasked),
        "background_not_asked": short(sheet.summary.background.not_asked, letters=SCREEN.background),
        "findings": sheet.summary.findings[:MOST_FINDINGS],
        "earlier": earlier_advice(sheet),
        "done": done,
        "more_findings": len(sheet.summary.findings[MOST_FINDINGS:]),
        "lump": sheet.history.lump,
        "chart": mark_safe(draw_chart(drawing)),  # noqa: S308  # built from numbers and escaped text alone
        "narrow_chart": mark_safe(draw_chart(replace(drawing, width=380, height=250))),  # noqa: S308  # as above
        "has_fit": has_fit(sheet),
        "has_care": has_care(sheet),
        "body": mark_safe(draw_body(sheet.history.lump.pin, label=say("clinic.body"))),  # noqa: S308  # as above
        **_strip(sheet),
        "photos_total": len(sheet.photos),
        "timeline": timeline,
        "record": record_text(sheet),
    }


def _strip(sheet: Sheet) -> dict[str, object]:
    """The first picture and the latest ones at one scale, each with its day and the size at that check."""
    zone = zone_of(sheet.history.person.time_zone)
    photos = sheet.photos if len(sheet.photos) <= MOST_PHOTOS else (sheet.photos[0], *sheet.photos[1 - MOST_PHOTOS :])
    scale = at_one_scale(photos, width=STRIP_PX[0], height=STRIP_PX[1], most_per_mm=MOST_PX_PER_MM)
    sizes = {one.id: one.length_mm for one in sheet.history.observations}
    today, shown = sheet.at.astimezone(zone).date(), []
    for one in scale.shown:
        taken = taken_at(one.photo, sheet.history).astimezone(zone).date()
        size = sizes.get(one.photo.observation)
        ago = span_text(max(0, (today - taken).days))
        shown.append(
            {
                "id": one.photo.id,
                "when": near_day_text(taken, today=today),
                "size": f"{mm_text(size)} mm" if size else "",
                "alt": say("clinic.photo_alt", when=day_text(taken, year=True), ago=ago),
                "width": round(one.width),
                "height": round(one.height),
                "is_scaled": one.is_scaled,
            }
        )
    return {"photos": shown, "ten_mm": None if scale.per_mm is None else round(10 * scale.per_mm)}
