"""What can be recorded: fields and the check of their answers, places, methods, kinds of care.

All of it is read from `fields.toml`; nothing here names a sign. Plain Python, and quick: an assessment of ten
observations checks some two hundred answers.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from tracking import fields
from tracking.days import read_day
from tracking.errors import InvalidInput
from tracking.fields import SCOPES, Answer, Comparison, Condition, Field, Group, Scope, Site, Size
from tracking.fields_proof import prove_catalogue
from tracking.texts import say

__all__ = [
    "AREAS",
    "CARE_AUTHORS",
    "CARE_KINDS",
    "CERTAINTIES",
    "CLOSED_REASONS",
    "COLOURS",
    "COMPARISONS",
    "FIELDS",
    "GROUPS",
    "INTIMATE_SITES",
    "METHODS",
    "SEXES",
    "SIDES",
    "SITES",
    "SIZES",
    "TEXT_LIMIT",
    "Answer",
    "Comparison",
    "Condition",
    "Field",
    "Group",
    "Scope",
    "Site",
    "Size",
    "check_answers",
    "is_intimate",
    "nearest",
    "prove_catalogue",
]

TEXT_LIMIT = 2000  # characters in an answer of kind text

# Each of these maps a stable name to what is known about it; `in` and iteration give the names
FIELDS: Mapping[Scope, Mapping[str, Field]] = {scope: fields.read_fields(scope) for scope in SCOPES}
GROUPS: Mapping[str, Group] = fields.read_groups()
SITES: Mapping[str, Site] = fields.read_sites()
SIZES: Mapping[str, Size] = fields.read_sizes()
COMPARISONS: Mapping[str, Comparison] = fields.read_comparisons()
AREAS = fields.read_labels("areas")
SIDES = fields.read_labels("sides")
SEXES = fields.read_labels("sexes")
CERTAINTIES = fields.read_labels("certainties")
METHODS = fields.read_labels("methods")
CARE_KINDS = fields.read_labels("care_kinds")
CARE_AUTHORS = fields.read_labels("care_authors")
CLOSED_REASONS = fields.read_labels("closed_reasons")
COLOURS = fields.read_labels("colours")

INTIMATE_SITES = frozenset(name for name, site in SITES.items() if site.intimate == "always")  # chest is `is_intimate`

_FLAGS = {
    scope: frozenset(name for name, one in known.items() if one.kind == "flag") for scope, known in FIELDS.items()
}
_CHOICES: Mapping[Scope, Mapping[str, frozenset[str]]] = {
    scope: {name: frozenset(field.choices) for name, field in known.items() if field.choices}
    for scope, known in FIELDS.items()
}
MOST_NUMBERS = 200  # of one field among the usual answers


def _usual_answers(name: str, field: Field) -> list[tuple[str, Answer, type]]:
    """Answers that need no further look, with their type, as Python takes 1 for True: yes, no, what can be chosen, the
    first whole numbers within bounds."""
    found: list[Answer] = [True, False] if field.kind == "flag" else list(field.choices)
    if field.kind in ("number", "scale") and field.min is not None and field.max is not None:
        found = list(range(math.ceil(field.min), math.floor(field.max) + 1))
    return [(name, one, type(one)) for one in found[:MOST_NUMBERS]]


_USUAL: Mapping[Scope, frozenset[tuple[str, Answer, type]]] = {
    scope: frozenset([usual for name, field in known.items() for usual in _usual_answers(name, field)])
    for scope, known in FIELDS.items()
}


def is_intimate(site: str, sex: str | None) -> bool:
    """Whether pictures of this place are kept apart; the chest is where the sex is not recorded as male."""
    kind = SITES[site].intimate if site in SITES else "never"
    return kind == "always" or (kind == "unless_male" and sex != "male")


def check_answers(scope: Scope, answers: object, *, where: str | None = None) -> dict[str, Answer]:
    """The answers that were given, each of its field's type; `None` means *not asked* and is left out.

    Raises InvalidInput naming every slip at once as `{where}.{name}` (`signs.fever`, unless `where` says otherwise):
    a name that is not known, a wrong type, a number out of range. A slip must never lose an emergency sign.
    """
    place = where if where is not None else scope.rpartition(".")[2]
    if answers.__class__ is not dict and not isinstance(answers, Mapping):
        raise _invalid({place: [say("answers.not_an_object")]})
    if _are_usual(scope, answers):
        return dict(answers)
    known, flags, choices = FIELDS[scope], _FLAGS[scope], _CHOICES[scope]
    given: dict[str, Answer] = {}
    slips: dict[str, list[str]] = {}
    for name, value in answers.items():
        is_flag = value is True or value is False
        if (is_flag and name in flags) or (value.__class__ is str and value in choices.get(name, ())):
            given[name] = value  # nine answers in ten, hence first
        elif (field := known.get(name)) is None:
            slips[f"{place}.{name}"] = [_unknown_name(str(name), known)]
        elif value is not None:
            answer, slip = _checked(field, value)
            if slip is not None:
                slips[f"{place}.{name}"] = [slip]
            elif answer is not None:
                given[name] = answer
    if slips:
        raise _invalid(slips)
    return given


def _are_usual(scope: Scope, answers: Mapping[str, Any]) -> bool:  # Any: JSON
    """Whether they may be taken as they are. At once: a loop over them would be a tenth of an assessment."""
    try:
        return _USUAL[scope].issuperset(zip(answers, answers.values(), map(type, answers.values()), strict=True))
    except TypeError:  # a list or an object in an answer's place
        return False


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that a slip was most likely meant to be."""
    return next(iter(difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)), None)


def _checked(field: Field, value: object) -> tuple[Answer | None, str | None]:
    """(answer, None) or (None, what to do about it)."""
    match field.kind:
        case "flag":
            return None, say("answers.not_a_flag")  # true and false never come this far; 1 is not a yes
        case "number" | "scale":
            return _checked_number(field, value)
        case "choice":
            return None, say("answers.not_a_choice", choices=", ".join(field.choices))  # a listed one came no further
        case "date":
            return _checked_date(value)
        case "text":
            if isinstance(value, str) and len(value) <= TEXT_LIMIT:
                return value, None
            return None, say("answers.not_a_text", limit=TEXT_LIMIT)


def _checked_number(field: Field, value: object) -> tuple[Answer | None, str | None]:
    low, high = field.min, field.max
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        slip = "not_a_number"
    elif not (low is None or low <= value) or not (high is None or value <= high):  # written so that NaN fails too
        slip = "out_of_range"
    elif field.kind == "scale" and value != int(value):
        slip = "not_whole"
    else:
        return (value if isinstance(value, int) else round(value, 1)), None
    return None, say(f"answers.{slip}", low=_plain(low), high=_plain(high))


def _checked_date(value: object) -> tuple[Answer | None, str | None]:
    if type(value) is date:  # not its subclass datetime
        return value, None
    if isinstance(value, str):
        try:
            return read_day(value), None
        except ValueError:
            pass
    return None, say("answers.not_a_date")


def _unknown_name(name: str, known: Iterable[str]) -> str:
    meant = nearest(name, known)
    return say("answers.unknown_meant", meant=meant) if meant else say("answers.unknown")


def _plain(number: float | None) -> str:
    return "any" if number is None else f"{number:g}"


def _invalid(slips: dict[str, list[str]]) -> InvalidInput:
    name, messages = next(iter(slips.items()))
    return InvalidInput("invalid", f"{name}: {messages[0]}", fields=slips)
