"""The assessment as the app and the clinician's page show it: the judgement, what stands beside it, what to ask."""

from __future__ import annotations

from datetime import datetime

from tracking.models import Lump
from triage.assess import Document, current_assessment, levels_before
from triage.facts import Facts
from triage.judged import Judged
from triage.papers import Papers
from triage.questions import questions_to_ask
from triage.rulebook import load_rulebook
from triage.standing import standing_level, standing_of


def shown_assessment(lump: Lump, *, at: datetime) -> Document:
    """The contract's assessment as of now and, beside it, `standing_level`, `standing` and `ask` (docs/api.md)."""
    papers = Papers(lump)
    document = standing_assessment(papers, at=at)
    return {**document, "ask": questions_to_ask(document, Facts(papers.bare.history, at), load_rulebook())}


def standing_assessment(papers: Papers, *, at: datetime) -> Document:
    """The same without `ask`, for readers who answer no questions."""
    document = current_assessment(papers, at=at)
    standing = standing_of(Judged(papers, document, levels_before(papers), at, is_caused_now=False))
    return {**document, "standing_level": standing_level(document, standing), "standing": standing}
