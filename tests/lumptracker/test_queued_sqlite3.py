"""Writers of one SQLite file stand in line, and the line never keeps anybody out for good."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from django.db import DatabaseError

from lumptracker.env import SQLITE_OPTIONS
from lumptracker.queued_sqlite3 import line as lines
from lumptracker.queued_sqlite3.base import DatabaseWrapper
from lumptracker.queued_sqlite3.line import Line

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[2]
HOLDER = """
import sys
from lumptracker.queued_sqlite3.line import Line
line = Line(sys.argv[1])
assert line.wait()
print("mine", flush=True)
sys.stdin.readline()
line.leave()
print("left", flush=True)
sys.stdin.readline()
"""


@contextmanager
def held_elsewhere(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process, whose turn it is until it is told a line."""
    command = [sys.executable, "-c", HOLDER, str(path)]
    other = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert said(other) == "mine"
        yield other
    finally:
        other.kill()
        other.communicate()


def said(other: subprocess.Popen[str]) -> str:
    assert other.stdout
    return str(other.stdout.readline()).strip()


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LONGEST_WAIT_SECONDS", 0.05)


@pytest.fixture
def connect(tmp_path: Path) -> Iterator[Callable[[], DatabaseWrapper]]:
    opened = []

    def connection() -> DatabaseWrapper:
        name = str(tmp_path / "db.sqlite3")
        options = {**SQLITE_OPTIONS, "timeout": 0.05}
        settings = {"NAME": name, "OPTIONS": options, "TIME_ZONE": None, "CONN_MAX_AGE": 0, "AUTOCOMMIT": True}
        opened.append(DatabaseWrapper({**settings, "CONN_HEALTH_CHECKS": False, "ATOMIC_REQUESTS": False}, "other"))
        return opened[-1]

    yield connection
    for one in opened:
        one.close()


def begin(connection: DatabaseWrapper) -> None:
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def end(connection: DatabaseWrapper) -> None:
    connection.commit()
    connection.set_autocommit(True)


def test_one_at_a_time_across_processes(tmp_path: Path, hurried: None) -> None:
    line = Line(str(tmp_path / "line"))
    with held_elsewhere(tmp_path / "line") as other:
        assert not line.wait()
        assert other.stdin
        print("leave", file=other.stdin, flush=True)
        assert said(other) == "left"
        assert line.wait()
    line.leave()


def test_a_process_that_was_killed_holds_nobody_up(tmp_path: Path, hurried: None) -> None:
    line = Line(str(tmp_path / "line"))
    with held_elsewhere(tmp_path / "line") as other:
        other.kill()
        other.wait()
        assert line.wait()
    line.leave()


def test_one_at_a_time_among_threads_each_woken_in_turn(tmp_path: Path) -> None:
    line, inside, most = Line(str(tmp_path / "line")), list[int](), list[int]()

    def turns() -> None:
        for _ in range(20):
            assert line.wait()
            inside.append(1)
            most.append(len(inside))
            inside.pop()
            line.leave()

    threads = [threading.Thread(target=turns) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(most), max(most)) == (80, 1)


def test_where_no_line_can_be_kept_sqlite_decides_alone(
    tmp_path: Path, connect: Callable[[], DatabaseWrapper], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "open", refused)
    first, second = connect(), connect()
    begin(first)
    with pytest.raises(DatabaseError, match="locked"):
        begin(second)
    end(first)
    begin(second)
    end(second)


def refused(*_: object) -> int:
    raise OSError(28, "No space left on device")


def test_a_transaction_has_its_turn_until_it_ends(connect: Callable[[], DatabaseWrapper], hurried: None) -> None:
    one, other = connect(), connect()
    for finish in (one.commit, one.rollback):
        begin(one)
        with pytest.raises(DatabaseError, match="locked"):
            begin(other)
        finish()
        one.set_autocommit(True)
        begin(other)
        end(other)
    begin(one)
    one.close()
    begin(other)
    end(other)


def test_what_is_not_written_in_turn_is_still_kept_out_by_sqlite(
    tmp_path: Path, connect: Callable[[], DatabaseWrapper]
) -> None:
    mine = connect()
    with closing(sqlite3.connect(tmp_path / "db.sqlite3", isolation_level=None)) as stranger:
        stranger.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseError, match="locked"):
            begin(mine)
        stranger.execute("ROLLBACK")
    begin(mine)
    end(mine)


def test_a_fork_stands_in_the_line_by_itself(tmp_path: Path, hurried: None) -> None:
    line = lines.line_of(str(tmp_path / "db"))
    assert line.wait()
    child = os.fork()
    if child == 0:
        os._exit(3 if line.wait() else 0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    line.leave()
    child = os.fork()
    if child == 0:
        os._exit(3 if line.wait() else 0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 3


def test_who_only_reads_stands_in_nobodys_way(connect: Callable[[], DatabaseWrapper], hurried: None) -> None:
    reader, writer = connect(), connect()
    reader.settings_dict["OPTIONS"]["transaction_mode"] = "DEFERRED"
    begin(reader)
    with reader.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_master")
    begin(writer)
    assert writer._line is not None
    end(writer)
    end(reader)
