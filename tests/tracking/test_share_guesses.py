"""However many guess at the same instant, five wrong passcodes are judged in the life of a link, and never a sixth."""

from __future__ import annotations

import threading
from collections import Counter

import pytest

from tests.at_once import at_once, several_writers
from tests.tracking.links import AT, made, opened, outcome, outcome_of, token_of
from tracking import share_secrets
from tracking.models import Access, ShareLink
from tracking.shared import open_share_link, shared_by_token
from tracking.sharing import MadeLink, revoke_share

RIGHT = "314159"
PATIENCE_SECONDS = 60  # one that fails before the start must not hold the others for good
TOLD = Counter({"wrong 4": 1, "wrong 3": 1, "wrong 2": 1, "wrong 1": 1, "wrong 0": 1})


def at_one_instant(link: MadeLink, guesses: list[str], *, reader: str = "") -> Counter[str]:
    """What was told to as many, let go together once each has found the link open. `reader`: all are this one."""
    start = threading.Barrier(len(guesses), timeout=PATIENCE_SECONDS)

    def guess(number: int) -> str:
        who = reader or f"reader {number}"
        found = shared_by_token(token_of(link), reader=who, at=AT)
        start.wait()
        return outcome_of(lambda: open_share_link(found, passcode=guesses[number], reader=who, at=AT))

    return Counter(at_once(len(guesses), guess))


@several_writers
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [50, 90])
def test_of_many_wrong_guesses_at_one_instant_five_are_told_and_the_rest_find_nothing(number: int) -> None:
    link = made(passcode=RIGHT)
    told = at_one_instant(link, [f"{guess:06d}" for guess in range(number)])
    assert told == TOLD + Counter({"closed": number - 5})
    kept = ShareLink.objects.get()
    assert (kept.passcode_tries_left, kept.openings) == (0, 0)
    assert Access.objects.filter(what="wrong_passcode").count() == 5
    assert outcome_of(lambda: opened(link)) == "closed"


@several_writers
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("reader", ["", "bea"])
def test_a_right_guess_among_fifty_is_judged_like_the_others(reader: str) -> None:
    """Ten of them are right, and no wrong one is told for it that should not have been, whoever was in before."""
    link = made(passcode=RIGHT)
    opened(link, reader="bea")
    told = at_one_instant(link, ["000000"] * 40 + [RIGHT] * 10, reader=reader)
    assert told == TOLD + Counter({"closed": 45 - told["open"], "open": told["open"]})
    assert ShareLink.objects.get().openings == 1 + (0 if reader else told["open"])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["out of tries", "revoked"])
@pytest.mark.parametrize("reader", ["bea", "somebody else"])
def test_a_right_guess_that_is_looked_at_while_the_link_closes_opens_nothing(
    monkeypatch: pytest.MonkeyPatch, way: str, reader: str
) -> None:
    """Also by a reader who was let in a minute before: at the manifest everybody behind one address is one reader."""
    link = made(passcode=RIGHT)
    opened(link, reader="bea")
    compare = share_secrets.is_passcode

    def slowly(passcode: str, *, argon2: str) -> bool:
        if passcode == RIGHT:
            monkeypatch.setattr(share_secrets, "is_passcode", compare)
            if way == "revoked":
                revoke_share(link.link, at=AT)
            for _ in range(5 if way == "out of tries" else 0):
                outcome(lambda: opened(link, reader="cal", passcode="000000"))
        return compare(passcode, argon2=argon2)

    monkeypatch.setattr(share_secrets, "is_passcode", slowly)
    assert outcome_of(lambda: opened(link, reader=reader)) == "closed"
    assert ShareLink.objects.get().openings == 1
