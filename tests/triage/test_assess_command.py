"""`manage.py assess` as its users run it: a process that reads lines and writes lines, with nothing set up."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.triage.any_history import asked
from tests.triage.histories import AT, care, check, document
from triage.lines import judge_line

Json = Any  # what JSON can hold
MANAGE = Path(__file__).parents[2] / "manage.py"


def run(
    *lines: str, arguments: tuple[str, ...] = (), folder: Path | None = None
) -> tuple[list[dict[str, Any]], int]:  # Any: JSON
    environment = {"PATH": os.environ["PATH"], "LUMPTRACKER_DATA": "/nonexistent/data", "DATABASE_URL": "nonsense"}
    done = subprocess.run(
        [sys.executable, str(MANAGE), "assess", *arguments],
        input="\n".join(lines).encode(),
        capture_output=True,
        check=False,
        env=environment,
        cwd=folder,
    )
    return [json.loads(line) for line in done.stdout.decode().splitlines()], done.returncode


def line(**changes: Any) -> str:  # Any: JSON
    made = document(check(1, pain=0), noticed=20)
    for path, value in changes.items():
        part, _, key = path.partition("__")
        if key:
            made[part][key] = value
        else:
            made[part] = value
    return json.dumps(made)


def test_it_needs_no_database_data_folder_or_setting(tmp_path: Path) -> None:
    answers, status = run(line(), arguments=("--at", AT.isoformat()), folder=tmp_path)
    assert status == 0
    assert answers[0]["level"] == "routine"
    assert list(tmp_path.iterdir()) == []


def test_the_document_s_own_instant_wins() -> None:
    answers, _ = run(line(at="2026-06-16T08:00:00+02:00"), arguments=("--at", AT.isoformat()))
    assert answers[0]["at"] == "2026-06-16T06:00:00Z"


def test_errors_stand_in_their_place_and_the_rest_go_on() -> None:
    answers, status = run("nonsense", "", line(), line(format="other/9"), line(), arguments=("--at", AT.isoformat()))
    assert status == 1
    assert [("error" in answer) for answer in answers] == [True, False, True, False]
    assert answers[0]["error"]["line"] == 1
    assert answers[2]["error"]["line"] == 4
    assert set(answers[2]["error"]) == {"code", "message", "line"}


def slip(**signs: Any) -> str:  # Any: JSON
    return json.dumps(document(check(1, **signs)))


SLIPS = [
    (slip(saddle_numness=True), "saddle_numbness"),
    (slip(length_mm=-3), "length_mm"),
    (line(person__birth_date="2031-01-01"), "birth_date"),
    (line(at="yesterday"), "at"),
    (line(at="2026-06-15T12:00:00"), "at"),
    (line(at="2206-06-15T12:00:00Z"), "at: The year must be from 1900 to 2199"),
    (line(lump__first_noticed_on="1026-06-01"), "lump.first_noticed_on: The year must be from 1900 to 2199"),
    (line(observations=[check(1) | {"observed_at": "2206-06-15T12:00:00Z"}]), "observed_at: The year must be from"),
    (line(lump__site="elbo"), "elbow"),
    (line(observations=None), "observations"),
    (json.dumps([1, 2]), ""),
    ('{"format": NaN}', "NaN"),
]


@pytest.fixture(scope="module")
def slips_told() -> tuple[list[dict[str, Any]], int]:  # Any: JSON
    """One process for all of them: starting it costs a hundred times as much as judging."""
    return run(*(text for text, _ in SLIPS), arguments=("--at", AT.isoformat()))


@pytest.mark.parametrize(("place", "named"), list(enumerate(named for _, named in SLIPS)))
def test_each_slip_gets_a_clear_error_on_its_own_line(
    place: int,
    named: str,
    slips_told: tuple[list[dict[str, Any]], int],  # Any: JSON
) -> None:
    answers, status = slips_told
    assert status == 1
    assert len(answers) == len(SLIPS)
    assert answers[place]["error"]["line"] == place + 1
    assert named in answers[place]["error"]["message"]


def error_of(text: str | bytes) -> str:
    """What a line that cannot be judged is told."""
    told, good = judge_line(text if isinstance(text, bytes) else text.encode(), number=7, at=AT)
    error = json.loads(told)["error"]
    assert not good
    assert error["line"] == 7
    assert error["code"] in ("invalid", "invalid_json")
    return str(error["message"])


def text_of(**fields: Json) -> str:
    return json.dumps(document(check(1), **fields))


def twice(key: str) -> str:
    made = document(check(1), check(2), care=(care(3), care(4)))
    made[key][1]["id"] = made[key][0]["id"]
    return json.dumps(made)


WRONG_LINES: dict[str, tuple[str | bytes, str]] = {
    "not JSON": ('{"format": ', "JSON document"),
    "two documents": (text_of() + text_of(), "one JSON document"),
    "not UTF-8": (b'{"format": "\xff"}', "UTF-8"),
    "UTF-16": (text_of().encode("utf-16"), "UTF-8"),
    "Infinity": ('{"format": Infinity}', "Infinity"),
    "-Infinity": ('{"format": -Infinity}', "-Infinity"),
    "a key twice": ('{"format": "lumptracker.history/1", "format": null}', "“format”"),
    "an answer twice": (text_of().replace('"signs": {', '"signs": {"fever": true, "fever": false'), "“fever”"),
    "deep nesting": ("[" * 100_000 + "]" * 100_000, "inside each other"),
    "deep objects": ('{"a":' * 100_000 + "1" + "}" * 100_000, "inside each other"),
    "a number without end": ('{"format": ' + "9" * 5000 + "}", "digits"),
    "a list": ("[1, 2]", "object"),
    "a number": ("5", "object"),
    "null": ("null", "object"),
    "no format of ours": (text_of().replace("history/1", "history/2"), "lumptracker.history/1"),
    "format a list": (text_of().replace('"lumptracker.history/1"', "[]"), "lumptracker.history/1"),
    "at a number": (text_of().replace('{"format"', '{"at": 5, "format"'), "at:"),
    "at beyond all clocks": (text_of().replace('{"format"', '{"at": "9999-12-31T23:59:59-12:00", "format"'), "at:"),
    "no place": (text_of().replace('"site": "forearm", ', ""), "lump.site"),
    "unknown place": (text_of(site="elbo"), "elbow"),
    "place a number": (text_of(site=3), "lump.site"),
    "no person": (json.dumps(document() | {"person": None}), "person"),
    "persons a list": (json.dumps(document() | {"person": []}), "person"),
    "observations an object": (json.dumps(document() | {"observations": {}}), "observations"),
    "an observation a text": (json.dumps(document() | {"observations": ["x"]}), "observations.0"),
    "signs a list": (json.dumps(document({"observed_at": AT.isoformat(), "signs": [1]})), "signs"),
    "no instant": (json.dumps(document({"signs": {}})), "observed_at"),
    "an instant without offset": (json.dumps(document({"observed_at": "2026-06-15T12:00:00"})), "observed_at"),
    "an instant of the year 1": (json.dumps(document({"observed_at": "0001-01-01T00:00:00+14:00"})), "observed_at"),
    "a misspelt sign": (json.dumps(document(check(1, fevr=True))), "fever"),
    "a misspelt key": (text_of(sides="left"), "mean side"),
    "a flag as text": (json.dumps(document(check(1, fever="yes"))), "signs.fever"),
    "a flag as number": (json.dumps(document(check(1, fever=1))), "signs.fever"),
    "a huge number": (json.dumps(document(check(1, length_mm=10**400))), "length_mm"),
    "a number beyond floats": (json.dumps(document(check(1, length_mm=7))).replace("7", "1e999"), "length_mm"),
    "a negative size": (json.dumps(document(check(1, width_mm=-1))), "width_mm"),
    "a size of nothing": (json.dumps(document(check(1, length_mm=0))), "length_mm"),
    "readings of text": (json.dumps(document(check(1, readings_mm=["5"]))), "readings_mm"),
    "a length that is not the median": (json.dumps(document(check(1, readings_mm=[5, 6, 7], length_mm=9))), "6"),
    "born tomorrow": (text_of(born="2026-06-16"), "birth_date"),
    "born on no day": (text_of(born="2026-02-30"), "birth_date"),
    "noticed tomorrow": (text_of(noticed=-1), "first_noticed_on"),
    "caused tomorrow": (text_of(background={"cause_on": "2026-06-16"}), "cause_on"),
    "closed before it was noticed": (text_of(closed_on="2026-06-01"), "closed_on"),
    "a zone of Mars": (text_of(zone="Mars/Olympus"), "time_zone"),
    "a zone that is a path": (text_of(zone="../../etc/passwd"), "time_zone"),
    "a zone with a null": (text_of(zone="Europe/\u0000"), "time_zone"),
    "a review before the visit": (text_of(care=(care(3, review_on="2026-06-01"),)), "review_on"),
    "care without a day": (text_of(care=({"kind": "seen"},)), "care.0.on"),
    "an id twice": (twice("observations"), "observations.1.id"),
    "a care id twice": (twice("care"), "care.1.id"),
    "an id that is none": (json.dumps(document(check(1) | {"id": "x"})), "UUID"),
    "half a character": (json.dumps(document(check(1) | {"note": "\ud800"})), "note"),
    "half a character in a name": (json.dumps(document(check(1, **{"\ud800": True}))), "signs."),
}


@pytest.mark.parametrize("name", list(WRONG_LINES))
def test_what_is_wrong_is_named_with_what_to_do(name: str) -> None:
    text, named = WRONG_LINES[name]
    assert named.lower() in error_of(text).lower()


def test_all_slips_of_a_line_are_told_at_once() -> None:
    message = error_of(json.dumps(document(check(1, fevr=True, length_mm=-1), born="2031")))
    assert all(named in message for named in ("signs.fevr", "length_mm", "birth_date"))


def test_keys_that_nobody_knows_are_told_in_one_order_always() -> None:
    message = error_of(json.dumps(document() | {f"x{letter}": 1 for letter in "hgfedcba"}))
    told = [message.index(f"x{letter}") for letter in "abcdefgh"]
    assert told == sorted(told)


def test_a_byte_order_mark_and_a_windows_line_end_do_no_harm() -> None:
    assert judge_line(b"\xef\xbb\xbf" + text_of().encode() + b"\r\n", number=1, at=AT)[1]


def test_a_closing_day_before_a_day_that_was_only_guessed_is_taken() -> None:
    made = document(closed_on="2026-06-01") | {}
    made["lump"]["first_noticed_certainty"] = "about"
    assert judge_line(json.dumps(made).encode(), number=1, at=AT)[1]


JUNK: st.SearchStrategy[Json] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=6)
    | st.sampled_from(
        ["2026-06-15", "2026-06-15T12:00:00Z", "9999-12-31", "ruler", "seen", "", "\ud800", "-1", 10**30]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=4,
)


def places(made: Json) -> Iterator[tuple[Json, Json]]:
    """Every place in a document: its holder and the key or number there."""
    for key, value in list(made.items() if isinstance(made, dict) else enumerate(made)):
        yield made, key
        if isinstance(value, dict | list):
            yield from places(value)


@pytest.mark.parametrize("examples", [60, pytest.param(20_000, marks=pytest.mark.soak)])
def test_whatever_is_put_anywhere_is_judged_or_refused_but_never_breaks(examples: int) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(asked(empty=False), st.data())
    def holds(case: tuple[Json, Json], data: st.DataObject) -> None:
        made, at = copy.deepcopy(case[0]), case[1]
        for _ in range(data.draw(st.integers(1, 3))):
            holder, key = data.draw(st.sampled_from(list(places(made))))
            deed = data.draw(st.sampled_from(["put", "put", "drop", "rename"]))
            if deed == "put":
                holder[key] = data.draw(JUNK)
            elif deed == "drop":
                del holder[key]
            elif isinstance(holder, dict):
                holder[data.draw(st.text(max_size=5))] = holder.pop(key)
        told, good = judge_line(json.dumps(made).encode(), number=3, at=at)
        answer = json.loads(told)
        assert good == ("error" not in answer)
        assert good or answer["error"]["code"] in ("invalid", "invalid_json"), answer

    holds()


@pytest.mark.parametrize("examples", [60, pytest.param(20_000, marks=pytest.mark.soak)])
def test_whatever_bytes_are_sent_are_refused_and_never_break(examples: int) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 600), st.binary(min_size=1, max_size=4))
    def holds(position: int, junk: bytes) -> None:
        whole = text_of().encode()
        told, good = judge_line(whole[:position] + junk + whole[position + len(junk) :], number=1, at=AT)
        answer = json.loads(told)
        assert good or answer["error"]["code"] in ("invalid", "invalid_json"), answer

    holds()


def test_a_reader_that_goes_away_ends_it_without_a_complaint() -> None:
    environment = {"PATH": os.environ["PATH"]}
    command = [sys.executable, str(MANAGE), "assess"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    ) as running:
        assert running.stdout
        running.stdout.close()
        _, complaint = running.communicate("\n".join([text_of()] * 400).encode())
    assert complaint == b""


def test_a_wrong_instant_of_asking_is_refused_with_the_reason() -> None:
    done = subprocess.run(
        [sys.executable, str(MANAGE), "assess", "--at", "tomorrow"], capture_output=True, check=False, text=True
    )
    assert done.returncode == 1
    assert "--at" in done.stderr
    assert "offset" in done.stderr
