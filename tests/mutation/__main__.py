"""`python -m tests.mutation [--sample N] [--seed S] [FILE ...]`: how many faults of the judgement a test notices.

Everything that is not under trial is imported once; each fault is tried in a fork of that, in which the faulty file
takes the place of the good one. The tests are those that need no database; the first that fails ends the trial.
"""

from __future__ import annotations

import argparse
import importlib.abc
import importlib.machinery
import importlib.util
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import CodeType, ModuleType

import hypothesis.strategies
import numpy as np
import pytest
import scipy.optimize  # type: ignore[import-untyped]  # scipy brings no types
import scipy.stats  # type: ignore[import-untyped]  # scipy brings no types

import tracking.history
from tests.mutation.faults import Fault, faults_of, with_fault

ROOT = Path(__file__).parents[2]
UNDER_TRIAL = (
    "triage/judge.py",
    "triage/scene.py",
    "triage/plan.py",
    "triage/engine.py",
    "triage/assessment.py",
    "triage/rulebook.py",
    "triage/facts/__init__.py",
    "triage/facts/blank.py",
    "triage/facts/body.py",
    "triage/facts/change.py",
    "triage/facts/combined.py",
    "triage/facts/derived.py",
    "triage/facts/fact.py",
    "triage/facts/ground.py",
    "triage/facts/place.py",
    "triage/facts/readings.py",
    "triage/facts/record.py",
    "triage/facts/sore.py",
    "triage/facts/spell.py",
    "triage/growth.py",
    "triage/growth_model.py",
    "triage/growth_odds.py",
    "triage/growth_plain.py",
    "triage/growth_rate.py",
    "triage/growth_table.py",
)
TESTS = (  # in this order: what is quick and notices most comes first, and the first that fails ends the trial
    ("test_engine", "test_engine_again", "test_assessment", "test_scene", "test_facts", "test_facts_explained"),
    ("test_fact_logic", "test_fact_tables", "test_ran_out", "test_rulebook", "test_criteria"),
)
PROPERTIES = ("test_engine_properties",)  # for the files whose faults they are about
OF_GROWTH = (
    ("test_growth_parts", "test_growth_plain", "test_growth_edges"),
    ("test_growth_independent",),
    ("test_growth_readings", "test_growth_confirming", "test_growth"),
    ("test_growth_slips", "test_growth_much_told"),
)
ARRANGING = (  # what makes judging quick and may change no answer
    "triage/judge.py",
    "triage/scene.py",
    "triage/plan.py",
    "triage/facts/blank.py",
    "triage/facts/ground.py",
)
SIZES = (  # what the growth tests are about
    "triage/facts/readings.py",
    "triage/growth.py",
    "triage/growth_model.py",
    "triage/growth_odds.py",
    "triage/growth_plain.py",
    "triage/growth_rate.py",
    "triage/growth_table.py",
)
LIMIT_SECONDS = 120  # of the processor; a fault that runs for longer is noticed too
# named, so that nobody takes the imports for unused
PRELOADED = (hypothesis.strategies, np, scipy.optimize, scipy.stats, tracking.history)


class FaultyLoader(importlib.machinery.SourceFileLoader):
    """Gives a module the code that was put in its place."""

    def __init__(self, name: str, path: str, code: CodeType) -> None:
        super().__init__(name, path)
        self.code = code

    def get_code(self, fullname: str) -> CodeType:
        return self.code


class FaultyFinder(importlib.abc.MetaPathFinder):
    """Finds one module before Python's own finders do."""

    def __init__(self, file: str, text: str) -> None:
        self.path = ROOT / file
        self.name = file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        self.code = compile(text, str(self.path), "exec")

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.name:
            return None
        inside = [str(self.path.parent)] if self.path.name == "__init__.py" else None
        loader = FaultyLoader(fullname, str(self.path), self.code)
        return importlib.util.spec_from_file_location(
            fullname, self.path, loader=loader, submodule_search_locations=inside
        )


def is_noticed(file: str | None = None, text: str = "", *, is_quick: bool = False) -> bool:
    """Whether a test fails with this text in the place of the file; without one, whether any fails at all."""
    child = os.fork()
    if child == 0:
        os._exit(_trial(file, text, is_quick=is_quick))
    _, status = os.waitpid(child, 0)
    return status != 0


def _trial(file: str | None, text: str, *, is_quick: bool) -> int:
    signal.setitimer(signal.ITIMER_PROF, LIMIT_SECONDS)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # nine tenths of what a quick trial would cost
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
        if file is not None:
            sys.meta_path.insert(0, FaultyFinder(file, text))
        return next((failed for names in _tests_for(file, is_quick=is_quick) if (failed := _run(names))), 0)


def _tests_for(file: str | None, *, is_quick: bool) -> tuple[tuple[str, ...], ...]:
    if file is None:
        return (*OF_GROWTH, *TESTS, PROPERTIES)
    if file in SIZES:
        return OF_GROWTH if is_quick else (*OF_GROWTH, *TESTS)
    return (*TESTS, PROPERTIES) if file in ARRANGING else TESTS


def _run(names: Sequence[str]) -> int:
    files = [str(ROOT / f"tests/triage/{name}.py") for name in names]
    options = ["-x", "-q", "--noconftest", "-p", "no:cacheprovider", "-m", "not soak", "-o", "addopts="]
    return int(pytest.main([*options, "--rootdir", str(ROOT), *files]))


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    asked.add_argument("files", nargs="*", default=UNDER_TRIAL)
    asked.add_argument("--sample", type=int, help="try so many, drawn at random; default all")
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument(
        "--quick", action="store_true", help="growth by its own tests alone: fewer are noticed, never more"
    )
    given = asked.parse_args()
    if is_noticed():
        sys.exit("The tests fail without any fault: mend them first.")
    trials: list[tuple[str, Fault]] = [
        (file, fault) for file in given.files for fault in faults_of((ROOT / file).read_text(encoding="utf-8"))
    ]
    total = len(trials)
    if given.sample and given.sample < total:
        trials = sorted(random.Random(given.seed).sample(trials, given.sample), key=lambda one: (one[0], one[1].place))
    began, tried, noticed = time.monotonic(), Counter[str](), Counter[str]()
    for file, fault in trials:
        tried[file] += 1
        if is_noticed(file, with_fault((ROOT / file).read_text(encoding="utf-8"), fault), is_quick=given.quick):
            noticed[file] += 1
        else:
            say(f"survived {file}:{fault.line} {fault.change}")
    for file in tried:
        say(f"{file}: {noticed[file]} of {tried[file]} noticed")
    share = sum(noticed.values()) / max(1, len(trials))
    say(f"{share:.1%} of {len(trials)} noticed ({total} in all), {time.monotonic() - began:.0f} s, seed {given.seed}")


if __name__ == "__main__":
    main()
