"""Every language is whole, was made from the English there is now, and is spoken to whoever reads it."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from unittest import mock
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from lumptracker.clinic.words import instant_text, mm_text, near_day_text, span_text
from lumptracker.translations import english_sentences, review, sentences_of
from tests.lumptracker.readers import PASSCODE, Reader, share
from tests.people import PASSWORD, Somebody, ada
from tracking import catalogue
from tracking.fields import fields_table
from tracking.texts import DEFAULT_LANGUAGE, languages, nearest_language, say, speaking
from triage.channels.email import build_mail
from triage.channels.message import Message, Urgency
from triage.channels.push import payload_of
from triage.lines import judge_line
from triage.rulebook import load_rulebook
from triage.spoken import actions_in, in_language, rulebook_in_language

pytestmark = pytest.mark.any_database("what is said, in which language")

OTHERS = [language for language in languages() if language != DEFAULT_LANGUAGE]
WORDING = Path(__file__).parent / "wording/never_say.toml"
SPANISH = {"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}
# The same in both languages: names, units, numbers, loan words, and text that is nothing but what is put into it.
SHORT = 4  # words; a shorter sentence may be spelt alike


def test_spanish_is_there() -> None:
    assert "es" in OTHERS


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_is_whole(language: str) -> None:
    found = review(language)
    assert found.missing == []
    assert found.without_english == []
    assert found.other_gaps == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_was_made_from_the_english_there_is_now(language: str) -> None:
    assert review(language).stale == [], "read them again, then: manage.py languages --mark " + language


@pytest.mark.parametrize("language", OTHERS)
def test_no_sentence_was_left_in_english(language: str) -> None:
    english, said = english_sentences(), sentences_of(language)
    words = {key: re.findall(r"[^\W\d_]{2,}", re.sub(r"\{\w+\}", "", text)) for key, text in said.items()}
    same = [key for key in english if said[key] == english[key] and len(words[key]) >= SHORT]
    assert same == []


def test_a_changed_english_sentence_is_noticed() -> None:
    changed = {**english_sentences(), "push.check": "Something else"}
    with mock.patch("lumptracker.translations.english_sentences", return_value=changed):
        assert review("es").stale == ["push.check"]


@pytest.mark.parametrize(
    ("asked", "best"),
    [
        ("es-MX,es;q=0.9,en;q=0.5", "es"),
        ("en;q=0.5, es;q=0.9", "es"),
        ("fr, de;q=0.8", None),
        ("es;q=0, en", "en"),
        ("es;q=a lot", None),
        ("", None),
        ("*", None),
        ("," * 5000, None),
    ],
)
def test_the_language_asked_for_most_is_spoken(asked: str, best: str | None) -> None:
    assert nearest_language(asked) == best


def test_a_language_ends_where_it_began() -> None:
    with speaking("es"):
        assert say("push.today") == "Por favor, abre esto hoy"
    assert say("push.today") == "Please open this today"


def test_labels_are_said_in_the_readers_language_and_never_change_what_is_recorded() -> None:
    fever = catalogue.FIELDS["observation.signs"]["fever"]
    with speaking("es"):
        assert (fever.label, catalogue.SITES["calf"].label, catalogue.SIDES["left"]) == (
            "Fiebre",
            "Parte baja de la pierna",
            "Izquierda",
        )
        assert list(catalogue.SIDES) == list(fields_table()["sides"])
    assert fever.label == fields_table()["signs"]["fever"]["label"]


def test_days_and_numbers_are_written_as_the_language_writes_them() -> None:
    with speaking("es"):
        assert near_day_text(date(2026, 1, 3), today=date(2026, 11, 22)) == "3 ene 2026"
        assert instant_text(datetime(2026, 11, 22, 14, 2, tzinfo=UTC)) == "dom 22 nov 2026, 14:02 UTC"
        assert (mm_text(8.5), span_text(20)) == ("8,5", "2 semanas")
    assert (mm_text(8.5), instant_text(datetime(2026, 11, 22, 14, 2, tzinfo=UTC))) == (
        "8.5",
        "Sun 22 Nov 2026, 14:02 UTC",
    )


# What reaches people outside the app


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("urgency", ["check", "today", "now", "test"])
def test_mails_and_pushes_are_in_the_persons_language_and_name_no_health_word(language: str, urgency: Urgency) -> None:
    message = Message(uuid4(), urgency, language, "Tracker", "https://example.org")
    letter = build_mail(message, to="ada@example.org")
    html = str(letter.alternatives[0][0])
    health = re.compile(rf"\b({'|'.join(health_words(language))})\b", re.IGNORECASE)
    assert letter.subject == say(f"push.{urgency}", language=language)
    assert say("mail.open", language=language) in html
    assert f'lang="{language}"' in html
    assert json.loads(payload_of(message))["notification"]["lang"] == language
    assert not health.search(" ".join((letter.subject, str(letter.body), re.sub(r"<[^>]*>", " ", html))))


def speak(owner: Somebody, language: str) -> None:
    """What the switch on You does."""
    assert owner.ask("PATCH", "me/", {"language": language}).status_code == 200


def health_words(language: str) -> list[str]:
    """The same list that holds every sentence shown on a lock screen."""
    words: list[str] = tomllib.loads(WORDING.read_text(encoding="utf-8"))[language]["health"]
    return words


@pytest.mark.django_db
def test_a_new_account_speaks_the_language_it_was_asked_for_in(settings: Settings) -> None:
    settings.EMAIL_CONFIGURED = True
    somebody = Somebody(email="ada@example.org")
    body = {"email": somebody.email, "password": PASSWORD}
    assert somebody.ask("POST", "/_allauth/app/v1/auth/signup", body, **SPANISH).status_code == 200
    assert somebody.user.language == "es"
    assert mail.outbox[0].subject == "Tu código para Tracker"
    assert "Tu código es:" in mail.outbox[0].body


@pytest.mark.django_db
def test_a_code_for_a_new_password_comes_in_the_accounts_own_language(settings: Settings) -> None:
    owner = ada()
    speak(owner, "es")
    settings.EMAIL_CONFIGURED = True
    Client().post("/_allauth/app/v1/auth/password/request", {"email": owner.email}, content_type="application/json")
    assert mail.outbox[-1].subject == "Tu código para Tracker"


# Answers of the API


@pytest.mark.django_db
def test_errors_are_said_in_the_language_asked_for() -> None:
    owner = ada()
    lump = f"lumps/{uuid4()}/"
    missing = json.loads(owner.ask("GET", lump, **SPANISH).content)
    wrong = json.loads(owner.ask("PUT", lump, {"site": 7}, **SPANISH).content)
    assert missing["message"] == "Aquí no hay nada."
    assert wrong["fields"] == {"person": ["Esto hace falta."], "site": ["Escríbelo como texto."]}
    assert json.loads(owner.ask("GET", lump).content)["message"] == "There is nothing here."


@pytest.mark.django_db
@pytest.mark.parametrize("by", ["token", "cookie"])
def test_who_asks_for_no_language_hears_of_errors_in_the_accounts_own(by: str) -> None:
    owner = ada()
    owner.ask("PATCH", "me/", {"language": "es"})
    if by == "cookie":
        owner.client.force_login(owner.user)
        owner.token = ""
    lump = f"lumps/{uuid4()}/"
    for headers in ({}, {"Accept-Language": "*"}, {"Accept-Language": "fr"}):
        assert json.loads(owner.ask("GET", lump, **headers).content)["message"] == "Aquí no hay nada."
    in_english = json.loads(owner.ask("GET", lump, **{"Accept-Language": "en"}).content)
    of_nobody = json.loads(Somebody().ask("GET", lump).content)
    assert [in_english["message"], of_nobody["message"]] == ["There is nothing here.", "Sign in first."]


@pytest.mark.django_db
def test_what_the_accounts_door_refuses_is_said_in_spanish() -> None:
    ada()
    body = {"email": "ada@example.org", "password": "not the right one"}
    answer = Client().post("/_allauth/app/v1/auth/login", body, content_type="application/json", headers=SPANISH)
    short = Client().post(
        "/_allauth/app/v1/auth/signup",
        {"email": "cal@example.org", "password": "short"},
        content_type="application/json",
        headers=SPANISH,
    )
    assert "contraseña" in json.loads(answer.content)["errors"][0]["message"]
    assert json.loads(short.content)["errors"][0]["message"] == "Elige una contraseña de 12 a 128 caracteres."


@pytest.mark.django_db
def test_an_assessment_is_told_in_the_accounts_language_and_in_the_words_of_the_country() -> None:
    owner = ada()
    person, lump = uuid4(), uuid4()
    owner.put(f"persons/{person}/", {"name": "", "region": "ES"})
    owner.put(f"lumps/{lump}/", {"person": str(person), "site": "calf"})
    signs = {"lump": str(lump), "observed_at": timezone.now().isoformat(), "signs": {"hard_to_breathe": True}}
    owner.put(f"observations/{uuid4()}/", signs)
    speak(owner, "es")
    told = owner.get(f"lumps/{lump}/assessment/")
    said = [*told["findings"], *told["standing"]]
    assert said
    assert any(one["message"].endswith("Llama al 112 o ve a urgencias ahora.") for one in said)
    speak(owner, "en")
    assert owner.get(f"lumps/{lump}/assessment/")["level"] == told["level"]


def test_what_an_older_rule_said_stays_as_it_was_told() -> None:
    rule = load_rulebook().rules[0]
    old = {"rule": rule.id, "version": rule.version - 1, "level": rule.level, "title": "Old", "message": "Old words."}
    now = {**old, "version": rule.version}
    said = in_language({"findings": [old, now]}, language="es", region=None)["findings"]
    assert (said[0], said[1]["title"]) == (old, say(f"rules.{rule.id}.title", language="es"))


def test_every_region_has_its_own_numbers_in_every_language() -> None:
    for language in languages():
        actions = actions_in(language)
        assert {name: re.findall(r"\d{3,}", row["emergency"]) for name, row in actions.items()} == {
            name: re.findall(r"\d{3,}", row["emergency"]) for name, row in actions_in(DEFAULT_LANGUAGE).items()
        }
        assert not [text for row in actions.values() for text in row.values() if "{" in text]


def test_the_rule_book_says_the_same_conditions_in_every_language() -> None:
    book = load_rulebook().to_json()
    spanish = rulebook_in_language(book, language="es")
    words = {"title", "message"}
    assert [{k: v for k, v in row.items() if k not in words} for row in spanish["rules"]] == [
        {k: v for k, v in row.items() if k not in words} for row in book["rules"]
    ]
    assert all(row["title"] != other["title"] for row, other in zip(spanish["rules"], book["rules"], strict=True))


def test_assess_speaks_english_unless_told_otherwise() -> None:
    line = json.dumps(
        {
            "person": {"region": "MX"},
            "lump": {"site": "calf"},
            "observations": [{"observed_at": "2026-11-22T08:00:00Z", "signs": {"hard_to_breathe": True}}],
        }
    ).encode()
    at = datetime(2026, 11, 22, 9, tzinfo=UTC)
    english, _ = judge_line(line, number=1, at=at)
    with speaking("es"):
        spanish, _ = judge_line(line, number=1, at=at)
    told, said = json.loads(english), json.loads(spanish)
    assert "Call 911" in told["findings"][0]["message"]
    assert "Llama al 911" in said["findings"][0]["message"]
    assert {**said, "findings": []} == {**told, "findings": []}


# The clinician's page


@pytest.mark.django_db
def test_a_shared_record_is_read_in_the_readers_language_without_a_cookie_for_it() -> None:
    owner = ada()
    lump = owner.put_lump()
    signs = {"fever": True, "pain": 3, "consistency": "soft"}
    owner.put_observation(lump, length_mm=18, method="ruler", signs=signs)
    link, bea = share(owner, lump), Reader()
    door = bea.client.get("/s/", headers=SPANISH)
    assert ('<html lang="es" dir="ltr">' in door.text, list(bea.client.cookies)) == (True, [])
    opened = bea.client.post("/s/open/?lang=es", {"token": link.token, "passcode": PASSCODE})
    assert opened.headers["Location"] == "/s/view/?lang=es"
    page = bea.client.get("/s/view/?lang=es")
    assert "Señales de alarma" in page.text
    assert 'href="?lang=en"' in page.text
    assert "Fiebre" in bea.client.get("/s/view/record.txt", headers=SPANISH).text
    assert "Lump" not in bea.client.get("/s/view/bundle.json?lang=es").text
    assert "Red flags" in bea.client.get("/s/view/", headers={"Accept-Language": "fr"}).text
    assert "Accept-Language" in page.headers["Vary"]
    assert list(bea.client.cookies) == ["shared"]


def test_the_page_that_starts_the_app_says_in_every_language_that_it_needs_a_script() -> None:
    assert {name for name in languages() if sentences_of(name)["app.app.no_script"]} == set(languages())
