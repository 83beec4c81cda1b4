"""What a check says. Plain Python, so that a broken setting can be told of as well."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Literal

State = Literal["good", "mind", "bad"]


@dataclass(frozen=True, slots=True)
class Finding:
    """`bad`: something does not work. `mind`: it works, and somebody should know. `mend` is what to do about it."""

    check: str
    state: State
    says: str
    mend: str = ""

    def about(self, check: str) -> Finding:
        return replace(self, check=check)

    def to_json(self) -> dict[str, str]:
        return asdict(self)

    def to_line(self) -> str:
        mark = {"good": "ok  ", "mind": "mind", "bad": "BAD "}[self.state]
        return f"{mark}  {self.check}: {self.says}." + (f" {self.mend}." if self.mend else "")


def good(says: str) -> Finding:
    return Finding("", "good", says)


def mind(says: str, mend: str) -> Finding:
    return Finding("", "mind", says, mend)


def bad(says: str, mend: str) -> Finding:
    return Finding("", "bad", says, mend)
