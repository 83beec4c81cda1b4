"""One thumb on a phone, counted: taps, screens, letters typed and the seconds a person would need.

A robot taps faster than anybody, so its own seconds prove little. To what the app and the network really took are
added, after the keystroke-level model (Card, Moran and Newell 1980), 1.1 s for each tap, 1.35 s to take in each new
screen, and one second for each question that is passed.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

TAP_SECONDS = 1.1
SCREEN_SECONDS = 1.35
QUESTION_SECONDS = 1.0


@dataclass
class Thumb:
    page: Page
    taps: int = 0
    questions: int = 0
    screens: list[str] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def tap(self, what: Locator) -> None:
        what.tap()
        self.taps += 1

    def sees(self, heading: str) -> None:
        """A new screen, known by its heading, which has the focus."""
        found = self.page.get_by_role("heading", name=heading, level=1, exact=True)
        expect(found).to_be_visible()
        expect(found).to_be_focused()
        self.screens.append(heading)

    def passes_questions(self) -> None:
        """Every question on this screen is at least skimmed."""
        self.questions += self.page.get_by_role("checkbox").count()

    @property
    def seconds(self) -> float:
        own = time.monotonic() - self.began
        return own + self.taps * TAP_SECONDS + len(self.screens) * SCREEN_SECONDS + self.questions * QUESTION_SECONDS

    def assert_within(self, *, taps: int, screens: int, seconds: float) -> None:
        spent = f"{self.taps} taps, screens {self.screens}, {self.questions} questions, {self.seconds:.1f} s"
        assert self.taps <= taps, spent
        assert len(self.screens) <= screens, spent
        assert self.seconds <= seconds, spent
