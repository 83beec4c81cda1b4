"""How often a day an account may have us write to an address that only it has named."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView

from tracking.access import signed_in
from tracking.api import READ_METHODS
from tracking.turns import take_turn

DAY_SECONDS = 24 * 60 * 60


class MailsADay(BaseThrottle):
    """So many a day for each account, counted in the cache that all processes share."""

    name: ClassVar[str]
    most: ClassVar[int]

    def allow_request(self, request: Request, view: APIView) -> bool:  # noqa: ARG002  DRF's own signature
        if request.method in (*READ_METHODS, "DELETE") or not settings.RATE_LIMITS_ON:
            return True
        what = f"{self.name}:{signed_in(request).pk}"
        return take_turn(what, most=self.most, seconds=DAY_SECONDS, at=timezone.now())

    def wait(self) -> float:
        return DAY_SECONDS - timezone.now().timestamp() % DAY_SECONDS


class NamingsADay(MailsADay):
    """Each naming of another address asks a stranger something."""

    name, most = "namings", 5


class TestsADay(MailsADay):
    """Each test goes out by every way."""

    name, most = "tests", 20
