"""What is known while nothing is answered: made once, so that a question nobody was asked costs nothing to judge."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from tracking import catalogue
from triage.facts.combined import ALL_OF, ANY_OF
from triage.facts.derived import DERIVED
from triage.facts.fact import Fact, unknown

SCOPES: Mapping[str, catalogue.Scope] = {
    "sign": "observation.signs",
    "lump": "lump.background",
    "person": "person.background",
}
# Plain facts: an answer and nothing else. Name of the fact → name of the field.
PLAIN: Mapping[str, str] = {
    f"{prefix}.{field}": field for prefix, scope in SCOPES.items() for field in catalogue.FIELDS[scope]
} | {"lump.side": "side"}
COMBINED = frozenset(ANY_OF) | frozenset(ALL_OF)


@cache
def plain_behind(name: str) -> frozenset[str] | None:
    """The plain facts that alone decide a fact; None where anything else does."""
    if name in DERIVED or not (name in PLAIN or name in COMBINED):
        return None
    if name in PLAIN:
        return frozenset({name})
    found: set[str] = set()
    for part, _, _ in ANY_OF.get(name) or ALL_OF[name]:
        behind = plain_behind(part)
        if behind is None:
            return None
        found |= behind
    return frozenset(found)


BEHIND = {name: behind for name in (*PLAIN, *COMBINED) if (behind := plain_behind(name)) is not None}
BLANK: dict[str, Fact] = {name: unknown(*sorted({PLAIN[plain] for plain in behind})) for name, behind in BEHIND.items()}
# Plain fact → the facts that rest on it and on nothing but plain facts
RESTING_ON: Mapping[str, tuple[str, ...]] = {
    plain: tuple([name for name, behind in BEHIND.items() if plain in behind]) for plain in PLAIN
}
