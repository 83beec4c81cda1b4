"""Puts `hoster.HosterSite` in the place of Django's admin. A file of its own: this one is read before any model."""

from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class HosterAdmin(AdminConfig):
    default_site = "lumptracker.hoster.HosterSite"
