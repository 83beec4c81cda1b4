"""`{% say "clinic.yes" %}`: the one catalogue of sentences, in templates."""

from __future__ import annotations

from django import template

from tracking.texts import say as sentence

register = template.Library()


@register.simple_tag
def say(key: str, **values: object) -> str:
    """The sentence for `key`, escaped like any other value."""
    return sentence(key, **values)  # type: ignore[arg-type]  # no placeholder is called `language`
