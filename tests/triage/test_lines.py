"""Reading one line of `manage.py assess`: quickly, and never so that a key which stands twice is passed over."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.triage.histories import AT, check, document
from triage.lines import judge_line


def error_of(text: str) -> str:
    told, good = judge_line(text.encode(), number=1, at=AT)
    assert not good
    return str(json.loads(told)["error"]["message"])


# A backslash and a space before a colon: where a line has none it is read in a quicker way.
@pytest.mark.parametrize("written", [{}, {"separators": (",", ":")}, {"separators": (" , ", " : ")}])
@pytest.mark.parametrize("note", ["", 'a "word": two', ":"])
@pytest.mark.parametrize("where", ["lump", "person", "observations"])
def test_a_key_that_stands_twice_is_seen_however_it_is_written(where: str, note: str, written: dict[str, Any]) -> None:
    text = json.dumps(document(check(1, fever=False) | {"note": note}), **written)
    assert judge_line(text.encode(), number=1, at=AT)[1]
    assert "“lump”" in error_of(text[:-1] + ',"lump" :null}')
    assert f"“{where}”" in error_of(text[:-1] + f',"{where}":null}}')
    assert "“fever”" in error_of(text.replace('"fever"', '"fever":true,"fever"'))
