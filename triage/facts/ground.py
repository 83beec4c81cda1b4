"""What a history says beside its checks: where the lump is and the answers about lump and person.

The same few backgrounds come again and again while histories are judged one after another, so what rests on nothing
else is worked out once for each and kept.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from tracking.history import Answer, Certainty, History, LumpFacts, PersonFacts, Side
from triage.facts.blank import COMBINED, PLAIN, plain_behind

SOME_TIME = datetime(2000, 1, 1, tzinfo=UTC)  # nothing of the ground changes with time
_NOBODY = UUID(int=0)
_PLAIN = frozenset(name for name in PLAIN if not name.startswith("sign."))
# Named facts that look at nothing but the ground, checked by a test
_DERIVED = frozenset(
    {
        "lump.unexplained",
        "lump.duration_uncertain",
        "lump.gland",
        "lump.hernia_possible",
        "lump.abdominal_mass",
        "lump.injured",
        "lump.bitten",
        "lump.infection_in_skin",
        "lump.infected_not_gland",
        "lump.not_of_the_testicle",
        "lump.simple_dimple",
        "lump.midline_spine",
        "lump.on_spine_or_face",
        "always",
    }
)
GROUNDED = _PLAIN | _DERIVED | {name for name in COMBINED if (plain_behind(name) or {""}) <= _PLAIN}


class Ground(NamedTuple):
    """The ground of one history, to be compared by value."""

    site: str
    side: Side | None
    is_dated: bool
    certainty: Certainty | None
    lump: frozenset[tuple[str, Answer]]
    person: frozenset[tuple[str, Answer]]

    @property
    def history(self) -> History:
        """A history of nothing but this."""
        lump = LumpFacts(
            _NOBODY,
            self.site,
            side=self.side,
            first_noticed_on=SOME_TIME.date() if self.is_dated else None,
            first_noticed_certainty=self.certainty,
            background=dict(self.lump),
        )
        return History(PersonFacts(_NOBODY, background=dict(self.person)), lump)


def ground_of(history: History) -> Ground:
    lump = history.lump
    return Ground(
        lump.site,
        lump.side,
        lump.first_noticed_on is not None,
        lump.first_noticed_certainty,
        frozenset(lump.background.items()),
        frozenset(history.person.background.items()),
    )


def told_by(ground: Ground) -> set[str]:
    """Names of the plain facts that somebody answered, be it with "unsure"."""
    told = {f"lump.{field}" for field, _ in ground.lump} | {f"person.{field}" for field, _ in ground.person}
    return told if ground.side is None else told | {"lump.side"}
