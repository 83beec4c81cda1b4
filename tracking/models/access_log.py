"""Who looked at what, and what an account agreed to. Rows here are added and never changed."""

from __future__ import annotations

from typing import Any

from django.db import models

from tracking.models.accounts import User


class LogEntry(models.Model):
    """One line of the access log of one account. `mac` seals it and, with it, every line before it."""

    class By(models.TextChoices):
        SELF = "self"  # the account itself: signing in, taking an export
        MEMBER = "member"  # another account with a role; `by_id` is that account
        LINK = "link"  # whoever holds a share link; `by_id` is the link
        ADMIN = "admin"  # whoever runs this; `by_id` is their account
        UNKNOWN = "unknown"  # somebody who did not get in

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="log_entries")
    number = models.PositiveIntegerField()  # 1, 2, 3 … without gaps
    at = models.DateTimeField()
    what = models.CharField(max_length=24)  # one of `access_log.WHAT`
    by = models.CharField(max_length=8, choices=By)
    by_id = models.UUIDField(null=True, blank=True)
    about = models.UUIDField(null=True, blank=True)  # the person or lump, where it was one
    device = models.CharField(max_length=200, default="", blank=True)  # the User-Agent, of sign-ins alone
    mac = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "number"], name="log_number_once")]
        indexes = [models.Index(fields=["user", "what", "at"], name="log_recent")]

    def save(self, *args: Any, **options: Any) -> None:  # Any: Django's own signature
        if not self._state.adding:
            raise TypeError("A line of the access log is never changed.")
        super().save(*args, **options)


class LogHead(models.Model):
    """How many lines an account's log has, sealed: so that lines missing at its end are noticed. Locked to add one."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="log_head")
    count = models.PositiveIntegerField(default=0)
    mac = models.CharField(max_length=64, default="")  # of the last line
    seal = models.CharField(max_length=64, default="")  # over the two above


class Consent(models.Model):
    """What an account agreed to or took back, when, and after which wording. The newest row of a purpose holds."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=24)  # one of `consents.PURPOSES`
    version = models.PositiveSmallIntegerField()
    given = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user", "purpose", "at"], name="consent_newest")]
