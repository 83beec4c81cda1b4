"""Accounts, the persons whose lumps are logged, and who may see whom."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone

from tracking.models.base import SealedTextField, Synced
from tracking.statements import Question


class UserManager(BaseUserManager["User"]):
    def get(self, *conditions: Any, **named: Any) -> User:  # Any: Django's own signature
        """One account. By its id alone, as each request asks for whoever is signed in, it is a question put before."""
        if conditions or named.keys() != {"pk"} or not isinstance(named["pk"], uuid.UUID):
            return super().get(*conditions, **named)
        found = ACCOUNT.first(account=named["pk"])
        if found is None:
            raise self.model.DoesNotExist
        return found

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:  # Any: model fields
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:  # Any: model fields
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in. Nothing about health stands here: that belongs to a `Person`."""

    class Units(models.TextChoices):
        MM = "mm"
        CM = "cm"
        INCH = "in"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=8, default="en")
    units = models.CharField(max_length=2, choices=Units, default=Units.MM)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)
    email_wanted = models.BooleanField(default=True)
    push_wanted = models.BooleanField(default=True)
    reminder_mails_wanted = models.BooleanField(default=True)  # the mails that one click in them ends; no others
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(units__in=["mm", "cm", "in"]), name="user_units_known"),
        ]

    def __str__(self) -> str:
        return str(self.id)


ACCOUNT = Question(lambda account: User.objects.filter(pk=account), account=uuid.UUID)


class Person(Synced):
    """Whose body it is: oneself, a child, a parent."""

    name = SealedTextField(default="", blank=True)
    colour = models.CharField(max_length=16, default="teal")
    birth_date = models.CharField(max_length=10, null=True, blank=True)  # YYYY, YYYY-MM or YYYY-MM-DD
    sex = models.CharField(max_length=8, null=True, blank=True)
    region = models.CharField(max_length=2, null=True, blank=True)  # ISO 3166-1 alpha-2
    time_zone = models.CharField(max_length=64, null=True, blank=True)
    background = models.JSONField(default=dict, blank=True)
    last_rev = models.BigIntegerField(default=0)  # the counter that every row of this person takes its `rev` from
    members = models.ManyToManyField(User, through="Membership", related_name="persons")
    role: str  # what the account that asks may do here, on rows that came through a door of `access.py`

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sex__isnull=True) | models.Q(sex__in=["female", "male", "intersex"]),
                name="person_sex_known",
            ),
        ]


class Membership(models.Model):
    """One account's role towards one person."""

    class Role(models.TextChoices):
        OWNER = "owner"
        LOGGER = "logger"
        VIEWER = "viewer"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role, default=Role.OWNER)
    told = models.BooleanField(null=True, blank=True)  # gets reminders and advice; null: as the role has it, see access
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "person"], name="one_membership_per_person"),
            models.CheckConstraint(
                condition=models.Q(role__in=["owner", "logger", "viewer"]), name="membership_role_known"
            ),
        ]
