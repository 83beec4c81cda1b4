"""Every address of the product. Each floor brings its own."""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.decorators.http import require_safe
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from lumptracker import contact_door, health, metrics, shell
from lumptracker.api_me import MeView
from lumptracker.api_trust import AccessLogView, ConsentsView, ConsentView

urlpatterns = [
    path("", shell.index),
    path("manifest.webmanifest", shell.manifest),
    path("robots.txt", shell.robots),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", metrics.metrics),
    path("_allauth/", include("lumptracker.account_doors")),
    path("api/v1/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/docs/", require_safe(SpectacularSwaggerSplitView.as_view(url_name="schema"))),  # else OPTIONS is a 500
    path("api/v1/me/", MeView.as_view(), name="me"),
    path("api/v1/me/access-log/", AccessLogView.as_view()),
    path("api/v1/me/consents/", ConsentsView.as_view()),
    path("api/v1/me/consents/<str:purpose>/", ConsentView.as_view()),
    path("api/v1/", include("tracking.urls")),
    path("api/v1/", include("triage.urls")),
    path("s/contact/<str:token>/", contact_door.contact_page),
    path("", include("lumptracker.clinic.urls")),
    path("admin/login/", shell.admin_door),
    path("admin/", admin.site.urls),
]

if settings.ANYMAIL and settings.MAIL_EVENTS_SECRET:
    urlpatterns.append(path("mail-events/", include("lumptracker.mail_events")))

handler400 = "lumptracker.api_errors.bad_request"
handler403 = "lumptracker.api_errors.permission_denied"
handler404 = "lumptracker.api_errors.page_not_found"
handler500 = "lumptracker.api_errors.server_error"
