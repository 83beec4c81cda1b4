"""Old advice can be explained: its words are kept with it, and the rule book that it came from by its digest."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.people import nobody
from tests.triage.rows import NOON, a_growing_lump, an_account, judge
from tracking.models import Lump
from triage import rulebook
from triage.editions import keep_edition
from triage.models import Assessment, RulebookEdition

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_folder")]


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the rules that may be changed; `forget` makes it count."""
    folder = tmp_path / "rules"
    folder.mkdir()
    for path in rulebook.RULES_DIR.glob("*.toml"):
        (folder / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(rulebook, "RULES_DIR", folder)
    rulebook.load_rulebook.cache_clear()
    yield folder
    monkeypatch.undo()
    rulebook.load_rulebook.cache_clear()


def mend(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    rulebook.load_rulebook.cache_clear()


def test_advice_is_explained_by_the_rules_of_its_day_after_they_have_changed(rules: Path) -> None:
    lump = a_growing_lump(an_account())
    judge(lump, NOON)
    old = Assessment.objects.get(lump=lump)
    told = next(row for row in old.document["findings"] if row["rule"] == "growing-adult")
    mend(rules / "growing-adult.toml", told["title"], "Another title altogether")
    mend(rules / "growing-adult.toml", told["sources"][0]["title"], "Another source")
    Lump.objects.update(assess_after=NOON)
    judge(lump, NOON)

    book = nobody().get(f"rulebook/?edition={old.rulebook}")
    rule = next(row for row in book["rules"] if row["id"] == "growing-adult")
    assert book["rulebook"] == old.rulebook
    assert (rule["title"], rule["version"]) == (told["title"], told["version"])
    assert rule["sources"][0]["title"] == told["sources"][0]["title"]
    assert rule["any"] or rule["all"]
    assert rule["words"]
    now = nobody().get("rulebook/")
    assert next(row for row in now["rules"] if row["id"] == "growing-adult")["title"] == "Another title altogether"
    old.refresh_from_db()
    assert told in old.document["findings"]


def test_an_edition_whose_facts_are_gone_is_still_read(rules: Path) -> None:
    judge(a_growing_lump(an_account()), NOON)
    edition = RulebookEdition.objects.get()
    book = json.loads(zlib.decompress(edition.rules))
    book["rules"][0]["all"] = [{"fact": "lump.a_fact_of_long_ago", "op": "is", "value": True}]
    digest = f"sha256:{'0' * 64}"
    values = {"digest": digest, "first_used_at": NOON, "rules": zlib.compress(json.dumps(book).encode())}
    RulebookEdition.objects.create(**values)
    for language in ("en", "es"):
        answer = nobody().ask("GET", f"rulebook/?edition={digest}", **{"Accept-Language": language})
        assert json.loads(answer.content)["rules"][0]["all"][0]["fact"] == "lump.a_fact_of_long_ago"


def test_the_present_edition_is_answered_before_anything_was_judged_by_it() -> None:
    digest = rulebook.load_rulebook().digest
    assert not RulebookEdition.objects.exists()
    assert nobody().get(f"rulebook/?edition={digest}") == nobody().get("rulebook/")


@pytest.mark.parametrize("digest", ["sha256:0", "", "../../etc/passwd", "sha256:" + "f" * 2000, "\x00"])
def test_an_edition_that_never_was_is_not_there(digest: str) -> None:
    answer = nobody().ask("GET", f"rulebook/?edition={digest}")
    assert answer.status_code == 404
    assert json.loads(answer.content)["code"] == "not_found"


def test_an_edition_that_was_fetched_once_is_not_sent_again() -> None:
    digest = rulebook.load_rulebook().digest
    answer = nobody().ask("GET", f"rulebook/?edition={digest}", **{"If-None-Match": f'"{digest}"'})
    assert answer.status_code == 304


def test_an_edition_is_kept_once_however_often_it_is_used() -> None:
    for lump in (a_growing_lump(an_account()), a_growing_lump(an_account("cal@example.org"))):
        judge(lump, NOON)
    (edition,) = RulebookEdition.objects.all()
    assert edition.first_used_at == NOON


def test_two_judgements_that_both_found_no_edition_write_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second looked before the first had written: it must neither fail nor break the transaction it is in."""
    keep_edition(at=NOON)
    monkeypatch.setattr(RulebookEdition.objects, "filter", lambda **_: RulebookEdition.objects.none())
    keep_edition(at=NOON)
    monkeypatch.undo()
    assert connection.is_usable()
    assert RulebookEdition.objects.count() == 1
