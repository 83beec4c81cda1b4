"""The page of a trusted contact, who has no account: what would be written, two buttons. Looking changes nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lumptracker.clinic.privacy import PAGE_POLICY, is_from_here, with_privacy
from tracking.errors import NotFound
from tracking.texts import say, speaking
from triage.contact_words import contact_named
from triage.contacts import agree, stop
from triage.models import TrustedContact


@csrf_exempt  # whoever holds the address has no session to ride on; the page it is sent from is checked instead
@require_http_methods(["GET", "HEAD", "POST"])
@with_privacy(PAGE_POLICY)
def contact_page(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows. A POST agrees or ends; a mail program's one-click unsubscribe (RFC 8058) is a POST that ends."""
    try:
        contact = contact_named(token)
    except NotFound:
        return _nothing_left(request, status=404)
    if request.method == "POST" and is_from_here(request):
        if request.POST.get("answer") == "agree":
            agree(contact, at=timezone.now())
        else:
            stop(contact, at=timezone.now())
    with speaking(contact.language):
        return _nothing_left(request, status=200) if contact.state == "stopped" else _page(request, contact)


def _page(request: HttpRequest, contact: TrustedContact) -> HttpResponse:
    who, has_agreed = contact.user.email, contact.state == "agreed"
    just_agreed = has_agreed and request.method == "POST"
    context = {
        "asks": say("contact.asks", who=who),
        "asks_nothing": say("contact.asks_nothing", who=who),
        "text": contact.text,
        "has_agreed": has_agreed,
        "message": (say("contact.thanks") if just_agreed else say("contact.agreed")) if has_agreed else "",
    }
    return render(request, "contact/page.html", context)


def _nothing_left(request: HttpRequest, *, status: int) -> HttpResponse:
    return render(request, "contact/page.html", {"message": say("contact.ended")}, status=status)
