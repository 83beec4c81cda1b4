"""What is wrong with `fields.toml`, found at start rather than when somebody is asked a question that breaks."""

from __future__ import annotations

from collections.abc import Iterator

from tracking.fields import GROUP_SCOPES, SCOPES, Scope, Table, fields_table

KINDS = ("flag", "number", "scale", "choice", "text", "date")
LONGEST_SPAN_HOURS = 672  # 28 days: nobody is taken at their old word for longer
LISTED_BY_CONDITION = {"sites": "sites", "sexes": "sexes"}  # condition → the list its names are in
CHOSEN_BY_CONDITION = {"causes": "cause", "kinds": "kind"}  # condition → the lump's choice its names are in
CONDITION_KEYS = frozenset({"sites", "causes", "kinds", "sexes", "under_age_years"})
FIELD_KEYS = {
    *("kind", "sites", "group", "label", "question", "unit", "min", "max", "decimals", "choices"),
    *("alarming", "alarming_from", "reassuring", "stands", "span_hours"),
}
GROUP_KEYS = CONDITION_KEYS | {"label", "ask", "scope"}
WORDS_WANTED = ("kind", "group", "label", "question", "stands")


def prove_catalogue(table: Table | None = None) -> list[str]:
    """One sentence for each mistake, none when the file is sound. `table` defaults to the file itself."""
    whole = fields_table() if table is None else table
    wanted = [*SCOPES.values(), "groups", "sites", "sizes", "areas", "methods", "care_kinds", "comparisons"]
    missing = [f"fields.toml lacks the table [{name}]" for name in wanted if not whole.get(name)]
    if missing:
        return missing
    problems = [f"groups.{name}: {slip}" for name, one in whole["groups"].items() for slip in _group_slips(one, whole)]
    for scope, key in SCOPES.items():
        for name, one in whole[key].items():
            problems += [f"{key}.{name}: {slip}" for slip in _field_slips(one, whole, scope=scope)]
    return problems + list(_list_slips(whole))


def _field_slips(one: Table, whole: Table, *, scope: Scope) -> Iterator[str]:
    missing = [key for key in WORDS_WANTED if not isinstance(one.get(key), str) or not one[key].strip()]
    if missing:
        yield f"needs {', '.join(missing)}"
        return
    yield from (f"has the unknown key {key}" for key in one.keys() - FIELD_KEYS)
    if one["kind"] not in KINDS:
        yield f"has the unknown kind {one['kind']}"
    yield from _home_slips(one, whole, scope=scope)
    yield from _limit_slips(one)
    yield from _answer_slips(one)
    yield from _span_slips(one, scope=scope)
    yield from _condition_slips(one, whole)


def _home_slips(one: Table, whole: Table, *, scope: Scope) -> Iterator[str]:
    group = whole["groups"].get(one["group"])
    if group is None:
        yield f"has the unknown group {one['group']}"
        return
    if GROUP_SCOPES.get(group.get("scope")) != scope:
        yield f"is in the group {one['group']} of another scope"
    if group.get("ask") == "any" and (one["kind"] != "flag" or one.get("reassuring") is True):
        yield "is in a group that *None of these* answers with no: only flags to which no does not alarm belong there"


def _limit_slips(one: Table) -> Iterator[str]:
    if one["kind"] in ("number", "scale"):
        low, high = one.get("min"), one.get("max")
        if not isinstance(low, int | float) or not isinstance(high, int | float) or low >= high:
            yield "needs min and max, min the smaller"
    if one["kind"] == "number" and not one.get("unit"):
        yield "needs a unit"
    if (one["kind"] == "choice") != bool(one.get("choices")):
        yield "needs choices if it is a choice, and only then"


def _answer_slips(one: Table) -> Iterator[str]:
    alarming, rest = one.get("alarming", []), one.get("reassuring")
    if "alarming_from" in one and one["kind"] not in ("number", "scale"):
        yield "has alarming_from, which is for numbers and scales"
    if not isinstance(alarming, list):
        yield "has alarming that is not a list of answers"
        return
    wanted = {"flag": bool, "choice": str}.get(one["kind"])
    known = one.get("choices", {})
    if any(type(answer) is not wanted or (wanted is str and answer not in known) for answer in alarming):
        yield "has an alarming answer that cannot be given"
    if rest is not None and rest in alarming:
        yield "has one answer both alarming and reassuring"


def _span_slips(one: Table, *, scope: Scope) -> Iterator[str]:
    span = one.get("span_hours")
    alarms = bool(one.get("alarming")) or "alarming_from" in one
    if one["stands"] not in ("until_changed", "span"):
        yield f"has the unknown stands {one['stands']}"
    if (one["stands"] == "span") != (span is not None):
        yield "needs span_hours if it stands for a span, and only then"
    if span is not None and not (isinstance(span, int) and 0 < span <= LONGEST_SPAN_HOURS):
        yield f"needs span_hours from 1 to {LONGEST_SPAN_HOURS}"
    if one["stands"] == "span" and not alarms:
        yield "stands for a span, yet no answer to it alarms"
    if scope != "observation.signs" and (alarms or one["stands"] != "until_changed"):
        yield "is background: it stands until changed and none of its answers alarms"


def _condition_slips(one: Table, whole: Table) -> Iterator[str]:
    for key, listed in LISTED_BY_CONDITION.items():
        yield from (f"names the unknown {key} {name}" for name in one.get(key, ()) if name not in whole.get(listed, {}))
    for key, choice in CHOSEN_BY_CONDITION.items():
        known = whole["lump_background"].get(choice, {}).get("choices", {})
        yield from (f"names the unknown {key} {name}" for name in one.get(key, ()) if name not in known)


def _group_slips(one: Table, whole: Table) -> Iterator[str]:
    yield from (f"has the unknown key {key}" for key in one.keys() - GROUP_KEYS)
    if not one.get("label"):
        yield "needs a label"
    if one.get("ask") not in ("any", "each"):
        yield "needs ask, any or each"
    if one.get("scope") not in GROUP_SCOPES:
        yield "needs scope, one of person, lump and signs"
    yield from _condition_slips(one, whole)


def _list_slips(whole: Table) -> Iterator[str]:
    for name, site in whole["sites"].items():
        if not site.get("label") or site.get("area") not in whole["areas"]:
            yield f"sites.{name}: needs a label and a known area"
        if not site.get("views") or any(view not in ("front", "back") for view in site["views"]):
            yield f"sites.{name}: needs views, front or back"
        if site.get("intimate", "never") not in ("never", "always", "unless_male"):
            yield f"sites.{name}: has the unknown intimate {site['intimate']}"
    for name, one in whole["comparisons"].items():
        if not one.get("source") or not one.get("low_mm", 0) <= one.get("mm", -1) <= one.get("high_mm", -1):
            yield f"comparisons.{name}: needs a source, and mm between low_mm and high_mm"
