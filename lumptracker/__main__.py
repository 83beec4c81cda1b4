"""The one command of this project: `manage.py` in a checkout, `lumptracker` where a wheel was installed."""

from __future__ import annotations

import json
import os
import sys

from django.conf import settings
from django.core.management import execute_from_command_line, load_command_class


def main() -> None:
    if sys.argv[1:2] == ["assess"]:  # judging needs the rules and nothing else: no database, folder or setting
        settings.configure(INSTALLED_APPS=[])
        load_command_class("triage", "assess").run_from_argv(sys.argv)
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lumptracker.settings")
    if sys.argv[1:2] == ["doctor"]:
        tell_of_wrong_setting(as_json="--json" in sys.argv)
    execute_from_command_line(sys.argv)


def tell_of_wrong_setting(*, as_json: bool) -> None:
    """The doctor's first check: a wrong setting would end every command before it has begun."""
    try:
        settings.DATA_DIR  # noqa: B018  # reads them all
    except SystemExit as wrong:
        finding = {"check": "settings", "state": "bad", "says": str(wrong), "mend": ""}
        print(json.dumps({"good": False, "findings": [finding]}) if as_json else f"BAD   settings: {wrong}")  # noqa: T201  # a command
        sys.exit(1)


if __name__ == "__main__":
    main()
