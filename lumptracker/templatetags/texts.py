"""`{% say "clinic.yes" %}`: the one catalogue of sentences, in templates."""

from __future__ import annotations

from django import template

from lumptracker.languages import kept_language
from tracking.texts import language_in_force, languages
from tracking.texts import say as sentence

register = template.Library()


@register.simple_tag
def say(key: str, **values: object) -> str:
    """The sentence for `key`, escaped like any other value."""
    return sentence(key, **values)  # type: ignore[arg-type]  # no placeholder is called `language`


@register.simple_tag
def language() -> str:
    """What this page is written in."""
    return language_in_force()


@register.simple_tag
def other_languages() -> list[dict[str, str]]:
    """Every other language there is, each by the name it gives itself."""
    return [
        {"code": code, "name": sentence("language.name", language=code)}
        for code in languages()
        if code != language_in_force()
    ]


@register.simple_tag(takes_context=True)
def kept(context: template.Context) -> str:
    """The language that the reader chose, for an address of the next page."""
    return kept_language(context["request"])
