"""Alive, and keeping up."""

from django.http import HttpRequest, JsonResponse


def healthz(_: HttpRequest) -> JsonResponse:
    return JsonResponse({})


def readyz(_: HttpRequest) -> JsonResponse:
    return JsonResponse({})
