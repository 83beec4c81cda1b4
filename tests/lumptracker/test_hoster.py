"""The hoster's pages: a second factor at the door, nothing that people wrote behind it, and a trace of each look."""

from __future__ import annotations

import pytest
import time_machine
from django.contrib import admin
from django.db.models import JSONField

from tests.lumptracker.signing_in import browsed, totp
from tests.people import PASSWORD, Somebody, ada, cal, sign_up
from tracking.models import LogEntry, User
from tracking.models.base import SealedTextField

pytestmark = pytest.mark.django_db
NOON = 1_795_262_400.0  # at the start of a step of thirty seconds
PAGES = ("/admin/", "/admin/tracking/user/", "/admin/triage/notification/")
LOGGED = ("signs", "background", "pin", "marks", "readings_mm", "large_key", "thumb_key")


def hoster() -> Somebody:
    """Cal runs this installation, and sits at a browser with the password alone."""
    somebody = cal()
    User.objects.filter(pk=somebody.user.pk).update(is_staff=True, is_superuser=True)
    browser = Somebody(email=somebody.email)
    assert browsed("auth/login", {"email": somebody.email, "password": PASSWORD}, at=browser)[0] == 200
    return browser


def with_factor(browser: Somebody) -> str:
    """Sets an authenticator app up and proves it a minute after noon; its secret."""
    browsed("auth/reauthenticate", {"password": PASSWORD}, at=browser)
    secret = browsed("account/authenticators/totp", None, at=browser, method="GET")[1]["meta"]["secret"]
    code = totp(secret, seconds=NOON)
    assert browsed("account/authenticators/totp", {"code": code}, at=browser)[0] == 200
    with time_machine.travel(NOON + 60):
        code = totp(secret, seconds=NOON + 60)
        assert browsed("auth/2fa/reauthenticate", {"code": code}, at=browser)[0] == 200
    return str(secret)


def test_the_password_alone_does_not_open_the_hosters_pages() -> None:
    browser = hoster()
    for page in PAGES:
        assert browser.client.get(page).status_code == 302, page
    assert browser.client.get("/admin/login/").headers["Location"] == "/#/security"


def test_with_a_second_factor_they_open_and_each_look_at_an_account_stands_in_its_log() -> None:
    owner = ada()
    with time_machine.travel(NOON):
        browser = hoster()
        with_factor(browser)
        assert [browser.client.get(page).status_code for page in PAGES] == [200, 200, 200]
        assert browser.client.get(f"/admin/tracking/user/{owner.user.pk}/change/").status_code == 200
    seen = LogEntry.objects.filter(user=owner.user, by="admin").get()
    assert (seen.what, seen.by_id) == ("admin_account", browser.user.pk)


def test_they_close_an_hour_after_the_second_factor_until_it_is_proved_again() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        browser = hoster()
        secret = with_factor(browser)
        clock.move_to(NOON + 60 + 3600)
        assert [browser.client.get(page).status_code for page in PAGES] == [200, 200, 200]
        clock.shift(1)
        assert [browser.client.get(page).status_code for page in PAGES] == [302, 302, 302]
        assert browser.client.get("/admin/login/").headers["Location"] == "/#/security"
        assert browsed("auth/reauthenticate", {"password": PASSWORD}, at=browser)[0] == 200
        assert [browser.client.get(page).status_code for page in PAGES] == [302, 302, 302]
        code = totp(secret, seconds=NOON + 60 + 3601)
        assert browsed("auth/2fa/reauthenticate", {"code": code}, at=browser)[0] == 200
        assert [browser.client.get(page).status_code for page in PAGES] == [200, 200, 200]


def test_no_page_of_another_package_gives_a_way_into_somebodys_account() -> None:
    """Django's and allauth's own would show keys of sessions, and change factors, proved addresses and groups."""
    assert {model._meta.label for model in admin.site._registry} == {
        "tracking.User", "triage.Notification", "triage.PushSubscription", "triage.Stumble", "triage.Heartbeat",
    }  # fmt: skip
    owner = ada()
    with time_machine.travel(NOON):
        browser = hoster()
        with_factor(browser)
        for page in ("account/emailaddress", "mfa/authenticator", "usersessions/usersession", "auth/group"):
            assert browser.client.get(f"/admin/{page}/").status_code == 404, page
        index = browser.client.get("/admin/").content.decode()
    assert owner.token not in index
    assert "Authenticator" not in index


def test_all_that_can_be_changed_of_an_account_is_whether_it_is_closed() -> None:
    owner = ada()
    wish = {
        "email": "cal@example.com", "is_staff": "on", "is_superuser": "on", "password": "another way to the sea",
        "date_joined_0": "2020-01-01", "user_permissions": "1", "groups": "1",
    }  # fmt: skip
    page = f"/admin/tracking/user/{owner.user.pk}/change/"
    before: dict[str, object] = {**User.objects.filter(pk=owner.user.pk).values().get()}
    with time_machine.travel(NOON):
        browser = hoster()
        with_factor(browser)
        assert browser.client.get(page).status_code == 200
        sent = {**wish, "csrfmiddlewaretoken": browser.client.cookies["csrftoken"].value}
        assert browser.client.post(page, sent).status_code == 302
        after: dict[str, object] = {**User.objects.filter(pk=owner.user.pk).values().get()}
        assert {name for name in before if before[name] != after[name]} == {"is_active"}
        assert owner.ask("GET", "me/").status_code == 401, "closed from the next request on"
        for way in ("add/", f"{owner.user.pk}/delete/"):
            assert browser.client.get(f"/admin/tracking/user/{way}").status_code == 403
    assert LogEntry.objects.filter(user=owner.user, by="admin").exists()


def test_each_page_about_an_account_stands_in_its_log() -> None:
    with time_machine.travel(NOON):
        browser = hoster()
        with_factor(browser)
        for page in ("change", "history"):
            somebody = sign_up(f"ada+{page}@example.org")
            assert browser.client.get(f"/admin/tracking/user/{somebody.user.pk}/{page}/").status_code == 200
            assert LogEntry.objects.filter(user=somebody.user, what="admin_account").count() == 1


def test_nothing_that_people_wrote_or_logged_is_on_any_page() -> None:
    ours = {
        model: page for model, page in admin.site._registry.items() if model._meta.app_label in ("tracking", "triage")
    }
    assert len(ours) >= 5
    for model, page in ours.items():
        shown = {*(page.fields or ()), *page.list_display, *page.search_fields, *page.list_filter}
        assert page.fields, f"{model.__name__} shows whatever columns it has"
        for field in model._meta.get_fields():
            if isinstance(field, SealedTextField | JSONField) or field.name in LOGGED:
                assert field.name not in shown, (model.__name__, field.name)
