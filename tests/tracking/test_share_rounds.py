"""Again and again: many at one link at once, and never one more than was said. Twenty rounds here, 500 in the soak."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from tests.tracking.links import AT, made, opened, outcome, token_of
from tracking.errors import NotFound
from tracking.models import Access, ShareLink
from tracking.share_secrets import new_token
from tracking.shared import access_shared, shared_by_token
from tracking.sharing import MadeLink, revoke_share


def opening(link: MadeLink, number: int) -> str:
    return outcome(lambda: opened(link, reader=f"reader {number}"))


def hundred_openings_are_three(*, rounds: int) -> None:
    with ThreadPoolExecutor(8) as pool:
        for _ in range(rounds):
            link = made(passcode="", max_openings=3)
            outcomes = list(pool.map(partial(opening, link), range(100)))
            assert (outcomes.count("open"), outcomes.count("closed")) == (3, 97)
            assert ShareLink.objects.get(pk=link.link.pk).openings == 3


@pytest.mark.django_db(transaction=True)
def test_a_hundred_openings_of_a_link_for_three_are_three_each_time() -> None:
    hundred_openings_are_three(rounds=20)


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
def test_a_hundred_openings_of_a_link_for_three_are_three_five_hundred_times() -> None:
    hundred_openings_are_three(rounds=500)


@pytest.mark.django_db(transaction=True)
def test_after_a_revocation_amid_fifty_readers_nobody_comes_in_again() -> None:
    link = made(passcode="")
    found = opened(link)

    def read(number: int) -> str:
        if number == 25:
            revoke_share(found, at=AT)
        return outcome(lambda: access_shared(found.pk, at=AT))

    with ThreadPoolExecutor(10) as pool:
        during = list(pool.map(read, range(50)))
        after = list(pool.map(lambda _: outcome(lambda: access_shared(found.pk, at=AT)), range(50)))
    assert during[25] == "closed"
    assert set(after) == {"closed"}


# Closed links are alike in time, too


def seconds_of(call: Callable[[], object]) -> float:
    before = time.perf_counter()
    with pytest.raises(NotFound):
        call()
    return time.perf_counter() - before


def welch_t(one: list[float], other: list[float]) -> float:
    """Of the fastest nine tenths: what the machine does besides is not the link's doing."""
    samples = [sorted(each)[: len(each) * 9 // 10] for each in (one, other)]
    means = [statistics.fmean(each) for each in samples]
    spread = sum(statistics.variance(each) / len(each) for each in samples)
    return abs(means[0] - means[1]) / math.sqrt(spread)


def closed_tokens() -> dict[str, Callable[[], str]]:
    revoked, expired, used = made(passcode=""), made(passcode=""), made(passcode="", max_openings=1)
    revoke_share(revoked.link, at=AT)
    ShareLink.objects.filter(pk=expired.link.pk).update(expires_at=AT - timedelta(days=1))
    opened(used, reader="somebody else")
    fixed = {"revoked": token_of(revoked), "expired": token_of(expired), "used up": token_of(used)}
    return {"unknown": new_token, **{name: partial(str, token) for name, token in fixed.items()}}


def times_of(*, tries: int) -> dict[str, list[float]]:
    """Taken in turns, so that a slow moment of the machine falls on all alike."""
    tokens = closed_tokens()
    times: dict[str, list[float]] = {name: [] for name in tokens}
    for number in range(tries):
        names = list(tokens)
        for name in names[number % len(names) :] + names[: number % len(names)]:
            token = tokens[name]()
            times[name].append(seconds_of(partial(shared_by_token, token, reader="bea", at=AT)))
    return times


def assert_alike(times: dict[str, list[float]], *, most: float) -> None:
    unlike = {name: welch_t(times["unknown"], taken) for name, taken in times.items() if name != "unknown"}
    assert {name: t for name, t in unlike.items() if t >= most} == {}


@pytest.mark.django_db
def test_why_a_link_stays_closed_takes_no_time_to_tell() -> None:
    times = times_of(tries=200)
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    assert max(medians.values()) < 1.5 * min(medians.values())
    assert_alike(times, most=4)


def test_the_comparison_sees_a_passcode_that_is_hashed_for_one_kind_only() -> None:
    """Half a millisecond more among five would do; a hash takes tens."""
    noise = [5e-3 + 1e-3 * math.sin(number) for number in range(200)]
    assert welch_t(noise, [each + 5e-4 for each in noise]) > 4
    assert welch_t(noise, noise[::-1]) < 1


@pytest.mark.soak
@pytest.mark.django_db
def test_why_a_link_stays_closed_takes_no_time_to_tell_over_two_thousand_tries() -> None:
    assert_alike(times_of(tries=2000), most=4)


# What lies at rest


@pytest.mark.django_db
def test_no_table_holds_what_opens_a_link() -> None:
    link = made(label="Bea Clinician")
    opened(link)
    with connection.cursor() as cursor:
        dump = ""
        for table in connection.introspection.table_names():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608  # names of our own tables
            dump += repr(cursor.fetchall())
    assert str(link.link.pk).replace("-", "") in dump.replace("-", "")
    for secret in (token_of(link), link.code, link.passcode, link.url.partition("#")[2]):
        assert str(secret) not in dump
    assert Access.objects.count() == 1
