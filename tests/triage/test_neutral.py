"""What leaves the house over 5,000 generated intents: three titles a language, no health word, nobody's own text."""

from __future__ import annotations

import json
import random
import re
import tomllib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from tests.triage.rows import NOON, a_lump, an_account
from tracking.models import Lump, User
from tracking.texts import languages
from triage.channels.email import build_mail
from triage.channels.ntfy import row_of
from triage.channels.push import payload_of
from triage.contact_words import words_for, words_version
from triage.deliver import message_of
from triage.ladder import LADDER, LEVELS
from triage.models import Episode, Notification, TrustedContact

pytestmark = [pytest.mark.django_db, pytest.mark.any_database("what messages say")]

INTENTS = 5000
LARGEST_PAYLOAD = 200  # bytes
WORDING = tomllib.loads((Path(__file__).parents[1] / "wording/never_say.toml").read_text(encoding="utf-8"))
OWN_TEXT = "Zanzibar"  # in every text that a person can write


def somebody(language: str) -> tuple[User, list[Lump]]:
    user = an_account(f"ada+{language}@example.org", language=language)
    TrustedContact.objects.create(
        user=user, name=OWN_TEXT, email="bea@example.org", language=language, text=words_for(user),
        words=words_version(user), consented_at=NOON, agreed_at=NOON,
    )  # fmt: skip
    lumps = [a_lump(user, label=OWN_TEXT) for _ in range(3)]
    for lump in lumps:
        lump.person.name = OWN_TEXT
    return user, lumps


def an_intent(chance: random.Random, user: User, lump: Lump, *, channel: str) -> Notification:
    """Any row that the outbox may hold."""
    level = chance.choice(LEVELS)
    step = chance.randint(1, len(LADDER[level].steps))
    finding = "check" if level == "watch" else OWN_TEXT
    episode = Episode(lump=lump, finding=finding, rule=OWN_TEXT, level=level, opened_at=NOON)
    return Notification(
        id=UUID(int=chance.getrandbits(128)), user=user, person=lump.person, lump=lump, episode=episode,
        kind="check_due" if level == "watch" else "seek_care", level=level, step=step, channel=channel,
        created_at=NOON, due_at=NOON + timedelta(minutes=chance.randint(0, 9)),
    )  # fmt: skip


@pytest.mark.parametrize("language", languages())
def test_thousands_of_intents_say_at_most_three_things_and_nothing_about_anybody(language: str) -> None:
    user, lumps = somebody(language)
    health = re.compile(rf"\b({'|'.join(WORDING[language]['health'])})\b", re.IGNORECASE)
    chance = random.Random(6)
    titles, made = set[str](), 0
    said, payloads = set[str](), set[str]()
    while made < INTENTS // len(languages()):
        channel = chance.choice(("push", "email", "ntfy", "contact"))
        rows = [an_intent(chance, user, chance.choice(lumps), channel=channel) for _ in range(chance.choice((1, 1, 3)))]
        made += len(rows)
        message = message_of(rows)
        if channel != "contact":
            message = replace(message, is_again=chance.random() < 0.5)
        titles.add(message.title)
        if channel == "push":
            payloads.add(payload_of(message))
            said.add(str(json.loads(payload_of(message))["notification"].get("body", "")))
        elif channel == "ntfy":
            row = row_of(message, "a-topic")
            titles.add(str(row["title"]))
            said |= {str(row["message"]), str(row["click"])}
        else:
            letter = build_mail(message, to=user.email)
            titles.add(str(letter.subject))
            said |= {str(letter.body), str(letter.alternatives[0][0]), *map(str, letter.extra_headers.values())}
    words = re.sub(r"<style>.*?</style>|<[^>]*>|https?://\S+", " ", "\n".join(said), flags=re.DOTALL)
    assert len(titles) == 3
    assert OWN_TEXT not in "\n".join(said | payloads)
    assert not [found for text in (*titles, words) for found in health.findall(text)]
    assert 0 < max(len(payload.encode()) for payload in payloads) < LARGEST_PAYLOAD
