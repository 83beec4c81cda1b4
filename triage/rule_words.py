"""The rules in plain words, made from the rows of the public rule book: for its readers and for docs/rules.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any  # Any: rules as JSON

from tracking import catalogue
from tracking.texts import all_sentences, say

Row = Mapping[str, Any]  # Any: a rule, or one of its conditions, as JSON
OPERATOR_WORDS = {">=": "at_least", ">": "more_than", "<": "less_than", "<=": "at_most"}
_SCOPES: dict[str, catalogue.Scope] = {
    "sign": "observation.signs",
    "lump": "lump.background",
    "person": "person.background",
}


def in_words(rule: Row) -> dict[str, Any]:  # Any: JSON
    """Of whom a rule speaks, where, and its conditions, each a phrase."""
    return {
        "who": who(rule),
        "where": where(rule),
        **{name: [condition(one) for one in rule[name]] for name in ("all", "any", "unless")},
    }


def with_words(book: Row) -> dict[str, Any]:  # Any: JSON
    """The public rule book, each rule with its `words`."""
    return {**book, "rules": [{**rule, "words": in_words(rule)} for rule in book["rules"]]}


def who(rule: Row) -> str:
    """The ages and sexes a rule is for."""
    begins, ends = rule["from_months"], rule["under_months"]
    said = []
    if begins and ends is not None:
        said.append(say("rule_words.ages_between", from_age=_age(begins), under_age=_age(ends)))
    elif begins:
        said.append(say("rule_words.ages_from", age=_age(begins)))
    elif ends is not None:
        said.append(say("rule_words.ages_under", age=_age(ends)))
    said.extend(catalogue.SEXES[sex].lower() for sex in rule["sexes"] or ())
    return ", ".join(said) or say("rule_words.everybody")


def where(rule: Row) -> str:
    """The places a rule is about."""
    if rule["sites"] is not None:
        return _places(rule["sites"])
    if rule["not_sites"]:
        return say("rule_words.anywhere_but", places=_places(rule["not_sites"]))
    return say("rule_words.anywhere")


def condition(one: Row) -> str:
    """One comparison as a phrase."""
    fact, value = fact_words(one["fact"]), one["value"]
    if isinstance(value, bool):
        return say("rule_words.fact_is" if value else "rule_words.fact_is_not", fact=fact)
    field = _field(one["fact"])
    choices = field.choices if field is not None else {}
    values = value if isinstance(value, list) else [value]
    said = say("rule_words.either").join(
        choices.get(str(each), f"{each:g}" if _number(each) else str(each)) for each in values
    )
    return say(f"rule_words.{OPERATOR_WORDS.get(one['op'], 'value_is')}", fact=fact, value=said)


def fact_words(name: str) -> str:
    """What a fact means: its own sentence, or the label of the field it is."""
    if f"rule_facts.{name}" in all_sentences():
        return say(f"rule_facts.{name}")
    field = _field(name)
    return field.label if field is not None else name


def _field(name: str) -> catalogue.Field | None:
    prefix, _, field = name.partition(".")
    return catalogue.FIELDS[_SCOPES[prefix]].get(field) if prefix in _SCOPES else None


def _number(value: object) -> bool:
    return isinstance(value, (int, float))


def _places(sites: list[str]) -> str:
    return ", ".join(catalogue.SITES[site].label for site in sites)


def _age(months: int) -> str:
    if months % 12:
        return say("rule_words.months", count=months)
    return say("rule_words.one_year") if months == 12 else say("rule_words.years", count=months // 12)
