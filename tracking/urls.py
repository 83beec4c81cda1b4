"""Addresses of the record, under /api/v1/."""

from __future__ import annotations

from django.urls import path

from tracking.api_erasures import ErasuresView, ErasureView, RetentionView
from tracking.api_export import ExportFileView, ExportsView, ExportView
from tracking.api_helper import HelperLinks, HelperPhoto, HelperPhotoKeep, OneHelperLink
from tracking.api_import import ImportsView, ImportTemplateView, ImportView
from tracking.api_invitations import InvitationAccept, InvitationLook, Invitations, OneInvitation
from tracking.api_logged import CareListView, CareView, ObservationListView, ObservationView
from tracking.api_lumps import LumpHistoryView, LumpListView, LumpView
from tracking.api_members import Members, OneMember
from tracking.api_people import PersonListView, PersonView
from tracking.api_photos import PhotoLargeView, PhotoListView, PhotoThumbView, PhotoView
from tracking.api_share import OneShareLink, ShareLinkAccesses, ShareLinks
from tracking.api_sync import SyncView

urlpatterns = [
    path("persons/", PersonListView.as_view(), name="persons"),
    path("persons/<uuid:row_id>/", PersonView.as_view(), name="person"),
    path("persons/<uuid:row_id>/members/", Members.as_view(), name="members"),
    path("persons/<uuid:row_id>/members/<uuid:member_id>/", OneMember.as_view(), name="member"),
    path("invitations/", Invitations.as_view(), name="invitations"),
    path("invitations/look/", InvitationLook.as_view(), name="invitation-look"),
    path("invitations/accept/", InvitationAccept.as_view(), name="invitation-accept"),
    path("invitations/<uuid:invitation_id>/", OneInvitation.as_view(), name="invitation"),
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
    path("erasures/", ErasuresView.as_view(), name="erasures"),
    path("erasures/<uuid:erasure_id>/", ErasureView.as_view(), name="erasure"),
    path("retention/", RetentionView.as_view(), name="retention"),
    path("export/", ExportsView.as_view(), name="exports"),
    path("export/<uuid:export_id>/", ExportView.as_view(), name="export"),
    path("export/<uuid:export_id>/file/", ExportFileView.as_view(), name="export-file"),
    path("import/", ImportsView.as_view(), name="imports"),
    path("import/template/", ImportTemplateView.as_view(), name="import-template"),
    path("import/<uuid:import_id>/", ImportView.as_view(), name="import"),
    path("helper-links/", HelperLinks.as_view(), name="helper-links"),
    path("helper-links/<uuid:link_id>/", OneHelperLink.as_view(), name="helper-link"),
    path("helper-links/<uuid:link_id>/photo/", HelperPhoto.as_view(), name="helper-photo"),
    path("helper-links/<uuid:link_id>/keep/", HelperPhotoKeep.as_view(), name="helper-keep"),
]
