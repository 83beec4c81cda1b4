"""docs/security.md and docs/authorisation.md name tests and files that exist, and the roles that are tried."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.tracking.test_roles import NEEDED, RANK

ROOT = Path(__file__).parent.parent
PAPERS = ("security.md", "authorisation.md")
NAMED = re.compile(r"`([\w./-]+\.(?:py|md|toml|sh|txt|json))(?:::(\w+))?`")
ITEM = re.compile(r"^- \[(.)\] (.*?)(?=^- \[|^#|\Z)", re.MULTILINE | re.DOTALL)
MADE = {".cache/sbom.json"}


def paper(name: str) -> str:
    return (ROOT / "docs" / name).read_text()


@cache
def names_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def missing(text: str) -> list[str]:
    """What is named and is not there."""
    found = []
    for path, test in NAMED.findall(text):
        if path in MADE:
            continue
        if not (ROOT / path).is_file() or (test and test not in names_in(path)):
            found.append(f"{path}::{test}")
    return found


@pytest.mark.parametrize("name", PAPERS)
def test_every_test_and_file_that_a_paper_names_exists(name: str) -> None:
    assert NAMED.search(paper(name))
    assert missing(paper(name)) == []


def test_what_is_not_there_is_noticed() -> None:
    assert missing("`tests/test_doors.py::test_nothing_like_it` and `docs/never.md`") == [
        "tests/test_doors.py::test_nothing_like_it",
        "docs/never.md::",
    ]


def test_each_tick_has_evidence_and_each_gap_a_reason() -> None:
    items = ITEM.findall(paper("security.md"))
    assert len(items) > 60
    for mark, text in items:
        assert re.match(r"\*\*\d+\.\d+\.\d+\*\*", text), text
        assert mark in "x ", text
        assert len(text.split()) >= 5 or NAMED.search(text), text
        if mark == "x":
            assert NAMED.search(text), text


def test_twenty_statements_each_name_a_test() -> None:
    part = paper("security.md").partition("## Twenty statements")[2].partition("And further")[0]
    statements = re.split(r"^\d+\. ", part, flags=re.MULTILINE)[1:]
    assert len(statements) == 20
    assert all("::test_" in one for one in statements)


def roles_table() -> str:
    """A line for each operation, least needed first."""
    role_of = {rank: role for role, rank in RANK.items()}
    ranks = sorted({rank for rank in RANK.values() if rank >= 0})
    head = ["| what | " + " | ".join(str(role_of[rank]) for rank in ranks) + " |", "|---|" + "---|" * len(ranks)]
    return "\n".join(
        head
        + [
            f"| {name} | " + " | ".join("yes" if rank >= needed else "no" for rank in ranks) + " |"
            for name, needed in sorted(NEEDED.items(), key=lambda pair: (pair[1], pair[0]))
        ]
    )


def test_the_table_of_roles_is_the_one_that_is_tried() -> None:
    assert roles_table() in paper("authorisation.md")
