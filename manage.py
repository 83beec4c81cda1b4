#!/usr/bin/env python
"""The one command of this project; `manage.py help` lists what it can do."""

import os
import sys

from django.conf import settings
from django.core.management import execute_from_command_line


def main() -> None:
    if sys.argv[1:2] == ["assess"]:  # judging needs the rules and nothing else: no database, folder or setting
        settings.configure(INSTALLED_APPS=[])
        from triage.management.commands.assess import Command

        Command().run_from_argv(sys.argv)
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lumptracker.settings")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
