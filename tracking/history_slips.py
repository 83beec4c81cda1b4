"""Reading one value at a time out of a JSON object, gathering every slip under its dotted name.

Each reader answers the value, or `None` where it is missing, null or wrong; what is wrong lands in `slips`.
Paths are put together only when something is wrong: these run some hundred times for every document judged.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from typing import TypeGuard, TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from tracking.catalogue import Scope, check_answers, nearest
from tracking.days import EARLIEST_YEAR, LATEST_YEAR, OutOfReachError, read_day, read_instant
from tracking.errors import InvalidInput
from tracking.history_values import Answers
from tracking.texts import say

Raw = Mapping[str, object]
Value = TypeVar("Value")
NIL = UUID(int=0)  # stands in for an id that is wrong, until stop()
READ_ONLY_KEYS = frozenset(("rev", "created_at", "updated_at"))


class Slips(dict[str, list[str]]):
    """Dotted name → what to do about it."""

    def note(self, path: str, key: str, sentence: str, **values: str | float) -> None:
        """Add one slip. `sentence` is a key below `history.` in the texts."""
        name = f"{path}.{key}" if path and key else path or key
        self.setdefault(name, []).append(say(f"history.{sentence}", language=None, **values))

    def stop(self) -> None:
        """Raise InvalidInput if there is any."""
        if self:
            name, messages = next(iter(self.items()))
            raise InvalidInput("invalid", f"{name}: {messages[0]}" if name else messages[0], fields=dict(self))


def object_at(raw: Raw, key: str, path: str, slips: Slips) -> Raw | None:
    """A nested object."""
    value = raw.get(key)
    if value is None or _is_object(value):
        return value
    slips.note(path, key, "not_an_object")
    return None


def list_at(raw: Raw, key: str, slips: Slips) -> list[Raw]:
    """A list of objects."""
    value = raw.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        slips.note("", key, "not_a_list")
        return []
    for index, one in enumerate(value):
        if not _is_object(one):
            slips.note(f"{key}.{index}", "", "not_an_object")
    return value


def text_at(raw: Raw, key: str, path: str, slips: Slips, *, limit: int) -> str | None:
    """Text that UTF-8 can carry, of at most `limit` characters."""
    value = raw.get(key)
    if value is None or value == "":
        return value
    if isinstance(value, str) and len(value) <= limit and (value.isascii() or _is_encodable(value)):
        return value
    slips.note(path, key, "not_a_text", limit=limit)
    return None


def choice_at(raw: Raw, key: str, path: str, slips: Slips, *, known: Collection[str]) -> str | None:
    """One of the known names."""
    value = raw.get(key)
    if value is None:
        return None
    if isinstance(value, str) and value in known:
        return value
    meant = nearest(value, known) if isinstance(value, str) else None
    if meant:
        slips.note(path, key, "unknown_choice_meant", meant=meant)
    else:
        slips.note(path, key, "unknown_choice", choices=", ".join(known))
    return None


def day_at(raw: Raw, key: str, path: str, slips: Slips) -> date | None:
    """A calendar day."""
    return read_at(raw, key, path, slips, reader=read_day, sentence="not_a_day")


def instant_at(raw: Raw, key: str, path: str, slips: Slips) -> datetime | None:
    """An instant, in UTC."""
    return read_at(raw, key, path, slips, reader=read_instant, sentence="not_an_instant")


def id_at(raw: Raw, key: str, path: str, slips: Slips) -> UUID | None:
    """A UUID in its usual form."""
    return read_at(raw, key, path, slips, reader=UUID, sentence="not_an_id")


def number_at(raw: Raw, key: str, path: str, slips: Slips, *, low: float, high: float) -> float | None:
    """A number from `low` to `high` to one decimal; more decimals are rounded off, whole numbers stay whole."""
    value = raw.get(key)
    if value is None:
        return None
    number = checked_number(value, low=low, high=high)
    if number is None:
        slips.note(path, key, "not_a_number", low=f"{low:g}", high=f"{high:g}")
    return number


def checked_number(value: object, *, low: float, high: float) -> float | None:
    """The number to one decimal, or None where it is none, is not finite or lies outside."""
    if value.__class__ is int:
        return value if low <= value <= high else None
    if value.__class__ is float:
        rounded = round(value, 1)
        return rounded if low <= rounded <= high else None
    return None


def refuse_unknown(raw: Raw, path: str, slips: Slips, *, known: frozenset[str], passed_over: str = "") -> None:
    """Note each key that is not known: a misspelt key would lose what stands under it.

    Let through are the keys that the API adds to the same objects: the read-only ones and, `passed_over`, the parent's.
    """
    if raw.keys() <= known:
        return
    for key in sorted(raw.keys() - known - READ_ONLY_KEYS - {passed_over}, key=str):
        meant = nearest(str(key), known)
        if meant:
            slips.note(path, str(key), "unknown_key_meant", meant=meant)
        else:
            slips.note(path, str(key), "unknown_key")


def answers_at(raw: Raw, key: str, path: str, slips: Slips, *, scope: Scope) -> Answers:
    """The answers of one scope; none where they are missing."""
    answers = raw.get(key)
    if not answers and (answers is None or _is_object(answers)):
        return {}
    try:
        return check_answers(scope, answers, where=f"{path}.{key}")
    except InvalidInput as wrong:
        slips.update(wrong.fields)
        return {}


def own_id(raw: Raw, path: str, slips: Slips, *, for_judging: bool) -> UUID:
    """The id. An assessment does without: it then stands for its place in the document."""
    if raw.get("id") is None:
        if not for_judging:
            slips.note(path, "id", "needed")
        return uuid5(NAMESPACE_URL, f"lumptracker:{path}")
    return id_at(raw, "id", path, slips) or NIL


def read_at(
    raw: Raw, key: str, path: str, slips: Slips, *, reader: Callable[[str], Value], sentence: str
) -> Value | None:
    """What `reader` makes of a text; it raises ValueError where the text is wrong."""
    value = raw.get(key)
    if value is None:
        return None
    if isinstance(value, str):
        try:
            return reader(value)
        except OutOfReachError:
            slips.note(path, key, "year_out_of_reach", low=f"{EARLIEST_YEAR}", high=f"{LATEST_YEAR}")
            return None
        except ValueError:
            pass  # noted below, as for what is no text
    slips.note(path, key, sentence)
    return None


def _is_object(value: object) -> TypeGuard[Raw]:
    """What JSON gives is a dict, and to ask for a Mapping takes ten times as long."""
    return value.__class__ is dict or isinstance(value, Mapping)


def _is_encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # half a surrogate pair: no database or file takes it
        return False
    return True
