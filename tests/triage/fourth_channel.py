"""The product with a fourth channel: `python -m tests.triage.fourth_channel` adds to the text of the registry what adds
`tests/triage/pager.py` to it, starts everything on that, and prints what became of a message. No other file is touched.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

REGISTRY = Path(__file__).parents[2] / "triage/channels/__init__.py"
IMPORT = ("from triage.channels.push import send_push\n", "from tests.triage.pager import PAGER\n")
LINE = ('    "ntfy": NTFY,\n', '    "pager": PAGER,\n')


def register() -> None:
    """Make `triage.channels` of the registry's own text and the two lines, before anything imports it."""
    text = REGISTRY.read_text(encoding="utf-8")
    for after, added in (IMPORT, LINE):
        assert text.count(after) == 1
        text = text.replace(after, after + added)
    spec = importlib.util.spec_from_file_location(
        "triage.channels", REGISTRY, submodule_search_locations=[str(REGISTRY.parent)]
    )
    assert spec is not None
    registry = importlib.util.module_from_spec(spec)
    sys.modules["triage.channels"] = registry
    exec(compile(text, REGISTRY, "exec"), vars(registry))  # noqa: S102  # our own file, with two lines more


def told() -> dict[str, Any]:  # Any: JSON
    """Somebody names a number through the API, and something of theirs has grown: what is said where."""
    import django  # noqa: PLC0415  # only after the registry

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415  # as above
    from django.test.utils import setup_test_environment  # noqa: PLC0415  # as above

    from tests.people import sign_up  # noqa: PLC0415  # as above
    from tests.triage.pager import PAGED  # noqa: PLC0415  # as above
    from tests.triage.rows import NOON, a_growing_lump  # noqa: PLC0415  # as above
    from triage.models import Notification  # noqa: PLC0415  # as above
    from triage.sweep import sweep  # noqa: PLC0415  # as above

    setup_test_environment()
    call_command("createcachetable", verbosity=0)
    ada = sign_up(f"ada+{uuid4().hex}@example.org")
    refused = ada.ask("PUT", "channels/pager/", {"address": "not a number"}).status_code
    taken = ada.ask("PUT", "channels/pager/", {"address": "0123456"}).status_code
    a_growing_lump(ada.user)
    sweep(NOON, is_played=True)
    tried = ada.post("reminders/test/", None)
    episodes = ada.get("episodes/?open=true")["results"]
    return {
        "answers": [refused, taken],
        "rows": list(Notification.objects.filter(user=ada.user).values_list("channel", "state")),
        "paged": PAGED,
        "steps": [step["channel"] for one in episodes for step in one["steps"] if step["state"] == "sent"],
        "tested": [outcome["channel"] for outcome in tried["test"]["outcomes"]],
        "dropped": ada.ask("DELETE", "channels/pager/").status_code,
    }


if __name__ == "__main__":
    register()
    print(json.dumps(told()))  # noqa: T201  # the answer
