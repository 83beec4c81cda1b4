"""A clinician's answer: seen on, plan, next look. Once for each lump, where its owner allows it and confirms it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid5

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from lumptracker.clinic.inner_door import for_holder
from lumptracker.clinic.privacy import PAGE_POLICY, is_from_here
from lumptracker.clinic.ticket import Ticket
from lumptracker.languages import kept_language
from tracking.errors import Conflict, InvalidInput, NotFound
from tracking.models import CareEvent, ShareLink, Tombstone
from tracking.record import put_row
from tracking.record_kinds import CARE
from tracking.record_rules import day_of
from tracking.record_shapes import invalid
from tracking.shared import note_access, shared_lumps
from tracking.texts import say

LONGEST_PLAN = 2000  # characters


def may_reply(link: ShareLink, lump_id: UUID) -> bool:
    """Whether the owner allows an answer and none was given yet, not even one that was deleted since."""
    reply_id = _reply_id(link, lump_id)
    return link.write_back and not (
        CareEvent.objects.filter(pk=reply_id).exists()
        or Tombstone.objects.filter(kind=CARE.name, row_id=reply_id).exists()
    )


@for_holder(PAGE_POLICY, methods=("POST",))
def reply(request: HttpRequest, link: ShareLink, ticket: Ticket, at: datetime) -> HttpResponse:
    """Write the answer into the record as a care event that counts once its owner confirms it."""
    if not is_from_here(request):
        return _refused(request, 403, say("door.refused_heading"), say("door.refused"))
    lump_id = _lump_id(request, link)
    document = {
        "lump": str(lump_id),
        "on": request.POST.get("seen_on", ""),
        "kind": "seen",
        "outcome": request.POST.get("plan", "").strip()[:LONGEST_PLAN] or None,
        "review_on": request.POST.get("review_on") or None,
        "by": "clinician",
        "confirmed": False,
    }
    try:
        _write_once(link, lump_id, document, at=at)
    except (InvalidInput, Conflict) as error:
        slips = [slip for told in error.fields.values() for slip in told]
        return _refused(request, 400, say("clinic.reply_refused"), " ".join(slips) or error.message)
    note_access(link, reader=ticket.reader, what="reply", at=at)
    answer = redirect(f"/s/view/{kept_language(request)}")
    answer.status_code = 303
    return answer


def _write_once(link: ShareLink, lump_id: UUID, document: Mapping[str, object], *, at: datetime) -> None:
    """NotFound where an answer is there already, also one that was sent in the same moment.

    InvalidInput for a visit that is still to come: a slip of the pen, which would rest the advice once confirmed.
    """
    with transaction.atomic():
        ShareLink.objects.select_for_update().get(pk=link.pk)
        if not may_reply(link, lump_id):
            raise NotFound
        written = put_row(link.user, CARE, _reply_id(link, lump_id), document, at=at).row
        if isinstance(written, CareEvent) and written.on > day_of(at, None):  # whoever wrote it may be far away
            raise invalid({"on": [say("field.in_future")]})


def _lump_id(request: HttpRequest, link: ShareLink) -> UUID:
    """The lump that is answered about: one of the link's."""
    for lump in shared_lumps(link):
        if str(lump.pk) == request.POST.get("lump"):
            return lump.pk
    raise NotFound


def _reply_id(link: ShareLink, lump_id: UUID) -> UUID:
    """One id for each link and lump, so that an answer cannot be given twice, whatever happens at once."""
    return uuid5(link.pk, f"reply {lump_id}")


def _refused(request: HttpRequest, status: int, heading: str, text: str) -> HttpResponse:
    context = {"heading": heading, "text": text, "back": f"/s/view/{kept_language(request)}"}
    return render(request, "clinic/refused.html", context, status=status)
