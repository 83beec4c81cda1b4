"""Addresses of the record, under /api/v1/."""

from __future__ import annotations

from django.urls import path

from tracking.api_helper import HelperLinks, HelperPhoto, HelperPhotoKeep, OneHelperLink
from tracking.api_logged import CareListView, CareView, ObservationListView, ObservationView
from tracking.api_lumps import LumpHistoryView, LumpListView, LumpView
from tracking.api_people import PersonListView, PersonView
from tracking.api_photos import PhotoLargeView, PhotoListView, PhotoThumbView, PhotoView
from tracking.api_share import OneShareLink, ShareLinkAccesses, ShareLinks
from tracking.api_sync import SyncView

urlpatterns = [
    path("persons/", PersonListView.as_view(), name="persons"),
    path("persons/<uuid:row_id>/", PersonView.as_view(), name="person"),
    path("lumps/", LumpListView.as_view(), name="lumps"),
    path("lumps/<uuid:row_id>/", LumpView.as_view(), name="lump"),
    path("lumps/<uuid:row_id>/history/", LumpHistoryView.as_view(), name="lump-history"),
    path("observations/", ObservationListView.as_view(), name="observations"),
    path("observations/<uuid:row_id>/", ObservationView.as_view(), name="observation"),
    path("care/", CareListView.as_view(), name="care-events"),
    path("care/<uuid:row_id>/", CareView.as_view(), name="care-event"),
    path("sync/", SyncView.as_view(), name="sync"),
    path("photos/", PhotoListView.as_view(), name="photos"),
    path("photos/<uuid:row_id>/", PhotoView.as_view(), name="photo"),
    path("photos/<uuid:row_id>/large/", PhotoLargeView.as_view(), name="photo-large"),
    path("photos/<uuid:row_id>/thumb/", PhotoThumbView.as_view(), name="photo-thumb"),
    path("share-links/", ShareLinks.as_view(), name="share-links"),
    path("share-links/<uuid:link_id>/", OneShareLink.as_view(), name="share-link"),
    path("share-links/<uuid:link_id>/accesses/", ShareLinkAccesses.as_view(), name="share-link-accesses"),
    path("helper-links/", HelperLinks.as_view(), name="helper-links"),
    path("helper-links/<uuid:link_id>/", OneHelperLink.as_view(), name="helper-link"),
    path("helper-links/<uuid:link_id>/photo/", HelperPhoto.as_view(), name="helper-photo"),
    path("helper-links/<uuid:link_id>/keep/", HelperPhotoKeep.as_view(), name="helper-keep"),
]
