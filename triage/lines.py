"""`manage.py assess` line by line: one history document in, one assessment or one error out, both as JSON text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tracking.days import EARLIEST_YEAR, LATEST_YEAR, OutOfReachError, read_instant
from tracking.errors import InvalidInput, TrackingError
from tracking.history import parse_history
from tracking.texts import DEFAULT_LANGUAGE, language_in_force, say
from triage.assessment import encode
from triage.engine import assess
from triage.spoken import in_language

MOST_SLIPS = 10  # named in one message
LONGEST_MESSAGE = 2000  # characters: the names in it are the sender's own
_BOM = b"\xef\xbb\xbf"


def judge_line(line: bytes, *, number: int, at: datetime) -> tuple[str, bool]:
    """The line's assessment and True, or its error and False. `at` is used where the document names no instant.

    Both are said in the language in force.

    Raises nothing: one line must never take the others with it.
    """
    try:
        document = read_document(line)
        if isinstance(document, Mapping) and document.get("at") is not None:
            at = read_at(document["at"])
        history = parse_history(document, at=at, for_judging=True)
        assessment, language = assess(history, at), language_in_force()
        if language == DEFAULT_LANGUAGE:
            return assessment.to_text(), True
        return encode(in_language(assessment.to_json(), language=language, region=history.person.region)), True
    except TrackingError as wrong:
        return _error(wrong.code, _all_slips(wrong), number), False
    except Exception as wrong:
        return _error("internal", say("assess.internal", kind=type(wrong).__name__), number), False


def read_document(line: bytes) -> object:
    """What a line holds. Raises InvalidInput where it is not the JSON of RFC 8259, or one object names a key twice."""
    try:
        text = line.removeprefix(_BOM).decode("utf-8")
        quick = _read_quickly(text)
        return _DECODER.decode(text) if quick is None else quick
    except UnicodeDecodeError as wrong:
        raise InvalidInput("invalid_json", say("assess.not_utf8", position=wrong.start + 1)) from wrong
    except json.JSONDecodeError as wrong:
        raise InvalidInput("invalid_json", say("assess.not_json", reason=wrong.msg, position=wrong.pos + 1)) from wrong
    except RecursionError as wrong:
        raise InvalidInput("invalid_json", say("assess.too_deep")) from wrong
    except ValueError as wrong:  # a whole number of thousands of digits
        raise InvalidInput("invalid_json", say("assess.too_long_a_number")) from wrong


def read_at(text: object) -> datetime:
    """An instant in UTC. Raises InvalidInput where it is none."""
    try:
        return read_instant(text) if isinstance(text, str) else _no_instant()
    except OutOfReachError as wrong:
        sentence = say("history.year_out_of_reach", low=f"{EARLIEST_YEAR}", high=f"{LATEST_YEAR}")
        raise InvalidInput("invalid", f"at: {sentence}") from wrong
    except (ValueError, OverflowError) as wrong:
        raise InvalidInput("invalid", f"at: {say('history.not_an_instant')}") from wrong


def _no_instant() -> datetime:
    raise ValueError


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:  # Any: JSON
    """Of a key that is written twice, JSON readers keep one without a word: the other may be the emergency."""
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InvalidInput("invalid_json", say("assess.key_twice", name=twice))
    return made


def _read_quickly(text: str) -> dict[str, Any] | None:  # Any: JSON
    """The object that a line holds; None where it is wrong, or it is not plain to see that no key stands twice in it.

    Reading pair by pair takes twice as long, so a line is read that way only where this leaves it open: as many keys
    must be found as the text has ends of keys. A backslash may hide a quotation mark, and a space may stand between
    a key and its colon.
    """
    try:
        document = _QUICK_DECODER.decode(text)
    except (ValueError, RecursionError, InvalidInput):
        return None
    if document.__class__ is not dict:
        return None
    if "\\" in text or " :" in text or "\t:" in text or "\r:" in text or "\n:" in text:
        return None
    return document if text.count('":') == _keys_in(document) else None


def _keys_in(document: dict[str, Any]) -> int:  # Any: JSON
    """How many keys the objects have that stand in their usual places."""
    found = len(document)
    for name, inner in _OBJECTS:
        held = document.get(name)
        for one in held if held.__class__ is list else (held,):
            if one.__class__ is dict:
                found += len(one)
                within = one.get(inner)
                if within.__class__ is dict:
                    found += len(within)
    return found


def _not_a_number(name: str) -> float:
    raise InvalidInput("invalid_json", say("assess.not_a_number", name=name))


def _all_slips(wrong: TrackingError) -> str:
    """All that is to be mended, each under its name."""
    slips = [f"{name}: {text}" if name else text for name, texts in wrong.fields.items() for text in texts]
    return " ".join(slips[:MOST_SLIPS]) or wrong.message


def _error(code: str, message: str, line: int) -> str:
    """ASCII: half a surrogate pair in somebody's key must not break the line that reports it."""
    return json.dumps({"error": {"code": code, "message": message[:LONGEST_MESSAGE], "line": line}})


_OBJECTS = (("person", "background"), ("lump", "background"), ("observations", "signs"), ("care", ""))
_QUICK_DECODER = json.JSONDecoder(parse_constant=_not_a_number)
_DECODER = json.JSONDecoder(object_pairs_hook=_each_key_once, parse_constant=_not_a_number)
