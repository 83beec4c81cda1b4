"""The clinician's page and PDF of a long history. Run alone: `python -m benchmarks.clinic`."""

from __future__ import annotations

import importlib
import os
import tempfile
from pathlib import Path

import django

from tests.web import Web


def main() -> None:
    """On a database of its own, beside a web server that reads it; what needs the settings is loaded late."""
    with tempfile.TemporaryDirectory(prefix="tracker-bench-") as folder:
        data = Path(folder, "data")
        data.mkdir()
        web = Web(data)
        try:
            web.wait()
            os.environ.update({**web.environment, "DJANGO_SETTINGS_MODULE": "lumptracker.settings"})
            django.setup()
            importlib.import_module("benchmarks.clinic_reading").measure(port=web.port)
        finally:
            web.end()


if __name__ == "__main__":
    main()
