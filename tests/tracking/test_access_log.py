"""The access log: what is written into it, and that no line changes or goes unseen."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.tracking.links import AT, made, opened, owned_lump
from tracking.access_log import By, Who, broken_lines, record_access, record_shared_read
from tracking.models import LogEntry, LogHead, Membership, User
from tracking.shared import WrongPasscode, note_access

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
SELF = Who(By.SELF)


def account(name: str = "ada") -> User:
    return User.objects.create_user(f"{name}@example.org")


def logged(user: User) -> list[str]:
    return list(user.log_entries.order_by("number").values_list("what", flat=True))


def three_lines(user: User) -> None:
    for minute in range(3):
        record_access(user.pk, what="sign_in", who=SELF, at=NOW + timedelta(minutes=minute), device="Firefox")


def test_a_log_that_was_only_added_to_holds() -> None:
    user = account()
    three_lines(user)
    assert logged(user) == ["sign_in"] * 3
    assert list(broken_lines(user.pk)) == []


def _changed(user: User) -> None:
    LogEntry.objects.filter(user=user, number=2).update(what="export")


def _moved(user: User) -> None:
    LogEntry.objects.filter(user=user, number=1).update(at=NOW - timedelta(days=1))


def _gone(user: User) -> None:
    LogEntry.objects.filter(user=user, number=2).delete()


def _last_gone(user: User) -> None:
    LogEntry.objects.filter(user=user, number=3).delete()


def _last_gone_and_head_turned_back(user: User) -> None:
    LogEntry.objects.filter(user=user, number=3).delete()
    second = LogEntry.objects.get(user=user, number=2)
    LogHead.objects.filter(user=user).update(count=2, mac=second.mac)


def _all_gone(user: User) -> None:
    LogEntry.objects.filter(user=user).delete()


def _head_gone(user: User) -> None:
    LogHead.objects.filter(user=user).delete()


def _taken_from_another(user: User) -> None:
    other = account("cal")
    three_lines(other)
    mac = LogEntry.objects.get(user=other, number=2).mac
    LogEntry.objects.filter(user=user, number=2).update(mac=mac)


@pytest.mark.parametrize(
    "tamper",
    [_changed, _moved, _gone, _last_gone, _last_gone_and_head_turned_back, _all_gone, _head_gone, _taken_from_another],
)
def test_a_line_that_was_changed_or_taken_out_is_found(tamper: Callable[[User], None]) -> None:
    user = account()
    three_lines(user)
    tamper(user)
    assert list(broken_lines(user.pk))


def test_the_command_names_the_account_and_ends_with_an_error() -> None:
    user = account()
    three_lines(user)
    out, slips = StringIO(), StringIO()
    call_command("verify-log", "--heads", stdout=out, stderr=slips)
    assert f"{user.pk} 3 " in out.getvalue()
    _changed(user)
    with pytest.raises(CommandError):
        call_command("verify-log", stdout=out, stderr=slips)
    assert str(user.pk) in slips.getvalue()


def test_a_line_is_never_saved_again() -> None:
    user = account()
    three_lines(user)
    with pytest.raises(TypeError):
        LogEntry.objects.filter(user=user)[0].save()


def test_what_a_holder_of_a_link_does_stands_in_the_log_of_whoever_made_it() -> None:
    link = made(passcode="123456")
    with pytest.raises(WrongPasscode):
        opened(link, passcode="654321")
    note_access(opened(link), reader="bea", what="photo", at=AT)
    assert logged(link.link.user) == ["link_passcode_wrong", "link_opened", "link_photo"]
    assert link.link.user.log_entries.filter(by=By.LINK, by_id=link.link.pk).count() == 3


def test_a_read_by_a_member_is_told_to_every_other_owner_once_in_half_an_hour() -> None:
    owner, other, reader = account(), account("bea"), account("cal")
    person = owned_lump(owner).person
    Membership.objects.create(user=other, person=person, role=Membership.Role.OWNER)
    Membership.objects.create(user=reader, person=person, role=Membership.Role.VIEWER)
    for minutes in (0, 5, 29, 31):
        record_shared_read([person.pk], reader=reader, at=NOW + timedelta(minutes=minutes))
    assert logged(owner) == logged(other) == ["member_read"] * 2
    assert logged(reader) == []


def test_what_an_owner_reads_of_their_own_writes_nothing() -> None:
    owner = account()
    record_shared_read([owned_lump(owner).person.pk], reader=owner, at=NOW)
    assert logged(owner) == []


@pytest.mark.django_db(transaction=True)
def test_many_that_log_at_once_make_one_chain() -> None:
    user = account()

    def one(minute: int) -> None:
        try:
            record_access(user.pk, what="sign_in", who=SELF, at=NOW + timedelta(minutes=minute))
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(40)))
    assert sorted(LogEntry.objects.filter(user=user).values_list("number", flat=True)) == list(range(1, 41))
    assert list(broken_lines(user.pk)) == []
