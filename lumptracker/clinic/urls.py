"""Addresses of what a link opens."""

from __future__ import annotations

from django.urls import path, re_path

from lumptracker.clinic import door, helper, inner_door, manifest, reply, view

urlpatterns = [
    path("s/", door.door),
    path("s/open/", door.open_link),
    path("s/view/", view.page),
    path("s/view/reply/", reply.reply),
    path("s/view/bundle.json", view.bundle),
    path("s/view/report.pdf", view.report),
    path("s/view/record.txt", view.record),
    path("s/view/photos/<uuid:photo_id>/large/", view.photo_large),
    path("s/view/photos/<uuid:photo_id>/thumb/", view.photo_thumb),
    path("s/help/", helper.door),
    path("s/help/open/", helper.open_help),
    path("s/help/photo/", helper.camera),
    path("s/help/like/", helper.like),
    path("s/help/send/", helper.send),
    re_path(r"^s/.+", inner_door.nothing),
    path("shl/<str:token>/", manifest.manifest),
    path("shl/<str:token>/file/<str:ticket>/", manifest.shared_file),
]
