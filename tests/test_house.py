"""The house keeps its shape: what stands at the top, how long rooms get, what is never committed."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
TOP = {
    "manage.py", "pyproject.toml", "README.md", "lumptracker", "tracking", "triage", "frontend", "tests",
    "Makefile", "requirements", "docs", "benchmarks", ".ci", ".gitignore",
}  # fmt: skip
LONGEST_ROOM = 400  # lines; past 300 a file wants a second look, past this it is two rooms


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()]


def test_nothing_else_stands_at_the_top() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in tracked()} <= TOP


def test_no_room_has_grown_into_two() -> None:
    rooms = [path for path in tracked("*.py", "*.ts", "*.svelte") if "migrations" not in path.parts]
    long = {str(path.relative_to(ROOT)): lines(path) for path in rooms if lines(path) > LONGEST_ROOM}
    assert long == {}


def lines(path: Path) -> int:
    return path.read_text(encoding="utf-8").count("\n")


def test_migrations_are_named_by_what_they_do() -> None:
    named = re.compile(r"^\d{4}_(?!auto_)[a-z0-9_]+\.py$")
    files = [path.name for path in tracked("*/migrations/*.py") if path.name != "__init__.py"]
    assert [name for name in files if not named.match(name)] == []


def test_no_import_hides_inside_a_function() -> None:
    """A circle is resolved, not hidden. `manage.py` alone may wait: judging must not load the settings."""
    rooms = tracked("lumptracker/*.py", "tracking/*.py", "triage/*.py")
    assert [f"{path.relative_to(ROOT)}:{line}" for path in rooms for line in hidden_imports(path)] == []


def hidden_imports(path: Path) -> list[int]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    inside = [node for function in functions for node in ast.walk(function)]
    return [node.lineno for node in inside if isinstance(node, ast.Import | ast.ImportFrom)]


def test_only_the_skins_read_the_clock() -> None:
    names = r"api\w*|tasks|bell|beat|admin|views?|door|manifest|health|accounts|helper|mail_events|metrics"
    names += r"|account_events|devices|sessions|signup|hoster|shell"  # what allauth, the admin and every request call
    skins = re.compile(rf"({names})\.py$|management/commands")
    readers = re.compile(r"timezone\.now\(\)|datetime\.now\(|date\.today\(")
    found = [
        str(path.relative_to(ROOT))
        for path in tracked("lumptracker/*.py", "tracking/*.py", "triage/*.py")
        if readers.search(path.read_text(encoding="utf-8")) and not skins.search(str(path))
    ]
    assert found == []


def test_no_path_of_a_machine_is_committed() -> None:
    pattern = re.compile(r"(^|[^A-Za-z0-9._-])/(work|root|home)/[a-z]")
    texts = [path for path in tracked() if path.suffix not in (".png", ".jpg", ".heic", ".ico", ".pdf")]
    assert [str(path) for path in texts if pattern.search(path.read_text(encoding="utf-8", errors="ignore"))] == []
