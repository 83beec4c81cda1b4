"""When more is asked than can be answered: say so at once, instead of letting everybody wait.

What has waited too long for a thread is answered 503 with `Retry-After` and costs next to nothing, so those who come
after it find a server that keeps up. A phone holds what it wanted to send and tries again by itself.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

from lumptracker.api_errors import error_body
from lumptracker.waiting import waited_seconds
from tracking.texts import DEFAULT_LANGUAGE, nearest_language, say

logger = logging.getLogger(__name__)

LONGEST_WAIT_SECONDS = 2.0  # a person who waits longer has pressed again
RETRY_SECONDS = 5
TELL_SECONDS = 60.0
NEVER = ("/healthz", "/readyz", "/metrics")  # whoever watches us must hear the truth, and it is short


class Refusals:
    """Tells the log of the first, then once a minute of how many: a line for each would be one more load."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._untold = 0
        self._told_at = -math.inf

    def note(self) -> None:
        with self._lock:
            self._untold += 1
            now = time.monotonic()
            if now - self._told_at < TELL_SECONDS:
                return
            untold, self._untold, self._told_at = self._untold, 0, now
        logger.warning("too busy: %d requests waited too long and were refused", untold)


class SheddingMiddleware:
    """Refuses what has waited too long."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.refused = Refusals()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if waited_seconds() <= LONGEST_WAIT_SECONDS or request.path in NEVER:
            return self.get_response(request)
        language = nearest_language(request.headers.get("Accept-Language", "")) or DEFAULT_LANGUAGE
        answer = JsonResponse(error_body("busy", say("door.busy", language=language)), status=503)
        answer.headers["Retry-After"] = str(RETRY_SECONDS)
        answer._has_been_logged = True  # type: ignore[attr-defined]  # Django would write a line for each
        self.refused.note()
        return answer
