"""When more is asked than can be answered: say so at once, instead of letting everybody wait.

What has waited too long for a thread is answered 503 with `Retry-After` and costs next to nothing, so those who come
after it find a server that keeps up. A phone holds what it wanted to send and tries again by itself.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

from lumptracker.api_errors import error_body
from lumptracker.waiting import waited_seconds
from tracking.texts import DEFAULT_LANGUAGE, nearest_language, say

LONGEST_WAIT_SECONDS = 2.0  # a person who waits longer has pressed again
RETRY_SECONDS = 5
NEVER = ("/healthz", "/readyz", "/metrics")  # whoever watches us must hear the truth, and it is short


class SheddingMiddleware:
    """Refuses what has waited too long."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if waited_seconds() <= LONGEST_WAIT_SECONDS or request.path in NEVER:
            return self.get_response(request)
        language = nearest_language(request.headers.get("Accept-Language", "")) or DEFAULT_LANGUAGE
        answer = JsonResponse(error_body("busy", say("door.busy", language=language)), status=503)
        answer.headers["Retry-After"] = str(RETRY_SECONDS)
        return answer
