"""The judgement."""

from django.apps import AppConfig

from triage import checks  # noqa: F401  # importing registers them


class TriageConfig(AppConfig):
    name = "triage"
