"""Fail at start, not at midnight: the field catalogue and the rule book are proved before anything is served."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks

from tracking.catalogue import prove_catalogue
from triage.rulebook_proof import prove_rulebook, prove_signs_are_heard

Messages = list[checks.CheckMessage]


@checks.register("rules")
def check_catalogue(**_: Any) -> Messages:  # Any: Django's own signature
    """Every recordable field is whole."""
    hint = "Mend tracking/fields.toml; docs/fields.md describes it."
    return [checks.Error(slip, hint=hint, id="triage.E001") for slip in prove_catalogue()]


@checks.register("rules")
def check_rulebook(**_: Any) -> Messages:  # Any: as above
    """Every rule has its sources, and does on its own examples what they say."""
    hint = "Mend the file in triage/rules; docs/rules.md describes it."
    slips = prove_rulebook() or prove_signs_are_heard()
    return [checks.Error(slip, hint=hint, id="triage.E002") for slip in slips]


@checks.register("push", deploy=True)
def check_push_subject(**_: Any) -> Messages:  # Any: as above
    """Push services want to know whom to ask; Apple refuses pushes without a real address."""
    subject = settings.VAPID_SUBJECT
    domain = subject.rpartition("@")[2] if subject.startswith("mailto:") else subject.removeprefix("https://")
    if subject and "." in domain and not domain.endswith((".invalid", ".local", ".localhost")):
        return []
    hint = "Set VAPID_SUBJECT to mailto:you@your.domain or to the https address people use."
    return [checks.Warning("VAPID_SUBJECT is no real address: iPhones get no pushes.", hint=hint, id="triage.W001")]
