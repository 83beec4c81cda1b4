"""Changing DATA_KEY: every person's and account's key is wrapped anew; what they seal need not be touched.

May be ended at any moment and begun again: each row is either as it was or done. Whoever serves meanwhile opens both,
as long as the earlier key stands in DATA_KEY_ALSO.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Model, QuerySet

from tracking import sealing, vault
from tracking.key_proof import sealed_columns, sealed_rows
from tracking.keyring import forget_keys, name_of
from tracking.models import HelperLink, Person, Photo, SealingKey, User
from tracking.models.base import HOLDERS, SealedText, holder_of
from tracking.vault import FIRST_TEXT_VERSION, Holder, VaultError

BATCH = 500
HOLDERLESS_AGE = timedelta(hours=1)  # a key is made just before its person


@dataclass(frozen=True, slots=True)
class Rotation:
    """What one run did. `unopened` could not be opened by any key at hand and stays as it was."""

    keys: int
    texts: int
    pictures: int
    unopened: int


def rotate_keys() -> Rotation:
    """Wrap every key under today's DATA_KEY, and give what the first releases sealed a holder's key."""
    keys, unopened = _rewrap()
    texts, closed_texts = _reseal_texts()
    pictures, closed_pictures = _reseal_pictures()
    return Rotation(keys, texts, pictures, unopened + closed_texts + closed_pictures)


def keys_of_others() -> int:
    """How many keys still need another DATA_KEY than today's."""
    return SealingKey.objects.exclude(wrapped_by=sealing.fingerprint(sealing.installation_keys()[0])).count()


def first_forms() -> int:
    """How many texts still lie under DATA_KEY itself."""
    return sum(_first_form(model, column).count() for model, column in sealed_columns())


def forget_holderless(*, at: datetime) -> int:
    """Erase keys whose person or account is gone or never came to be; how many."""
    old = SealingKey.objects.filter(made_at__lt=at - HOLDERLESS_AGE)
    people = old.filter(kind="person").exclude(holder__in=Person.objects.values("pk")).values_list("holder", flat=True)
    accounts = old.filter(kind="account").exclude(holder__in=User.objects.values("pk")).values_list("holder", flat=True)
    return forget_keys("person", people) + forget_keys("account", accounts)


def _rewrap() -> tuple[int, int]:
    today = sealing.fingerprint(sealing.installation_keys()[0])
    done = unopened = 0
    last = None
    while True:
        rows = SealingKey.objects.exclude(wrapped_by=today).order_by("pk")
        batch = list((rows if last is None else rows.filter(pk__gt=last))[:BATCH])
        if not batch:
            return done, unopened
        last = batch[-1].pk
        for row in batch:
            try:
                secret = sealing.unwrap(row.wrapped, row.wrapped_by, bound_to=name_of(row.pk))
            except VaultError:
                unopened += 1
                continue
            wrapped, wrapped_by = sealing.wrap(secret, bound_to=name_of(row.pk))
            as_seen = SealingKey.objects.filter(pk=row.pk, wrapped_by=row.wrapped_by)
            done += as_seen.update(wrapped=wrapped, wrapped_by=wrapped_by)


def _first_form(model: type[Model], column: str) -> QuerySet[Model]:
    return sealed_rows(model, column).filter(as_it_lies__startswith=FIRST_TEXT_VERSION)


def _reseal_texts() -> tuple[int, int]:
    done = unopened = 0
    for model, column in sealed_columns():
        everything = list(_first_form(model, column).values_list("pk", "as_it_lies"))
        for pk, as_it_lies in everything:
            try:
                words = vault.open_text(as_it_lies)
            except VaultError:
                unopened += 1
                continue
            row = model._default_manager.only("pk", *_holder_columns(model)).filter(pk=pk).first()
            if row is None:
                continue
            sealed = SealedText(vault.seal_text(words, holder=holder_of(row)))
            done += _first_form(model, column).filter(pk=pk, as_it_lies=as_it_lies).update(**{column: sealed})
    return done, unopened


def _holder_columns(model: type[Model]) -> list[str]:
    """Nothing sealed is read to find out whose it is."""
    names = {field.attname for field in model._meta.concrete_fields}
    return [name for name, _ in HOLDERS if name in names]


def _reseal_pictures() -> tuple[int, int]:
    done = unopened = 0
    for key, holder in _pictures():
        try:
            done += vault.reseal_bytes(key, holder=holder)
        except VaultError:
            unopened += vault.has_bytes(key)  # what is gone meanwhile needs nothing
    return done, unopened


def _pictures() -> Iterator[tuple[str, Holder]]:
    ready = Photo.objects.filter(state=Photo.State.READY).values_list("person", "large_key", "thumb_key")
    waiting = HelperLink.objects.exclude(large_key="").values_list("lump__person", "large_key", "thumb_key")
    for rows in (ready, waiting):
        for person, *keys in rows.iterator():
            for key in keys:
                yield key, Holder("person", person)
