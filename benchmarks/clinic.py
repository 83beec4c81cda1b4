"""The clinician's page and PDF of a long history. Run alone: `python -m benchmarks.clinic`."""

from __future__ import annotations

import importlib
import os
import tempfile

import django


def main() -> None:
    """On a database of its own; what needs the settings is loaded once they are there."""
    with tempfile.TemporaryDirectory(prefix="tracker-bench-") as folder:
        os.environ.update(LUMPTRACKER_DATA=folder, DJANGO_SETTINGS_MODULE="lumptracker.settings", RATE_LIMITS="off")
        django.setup()
        importlib.import_module("benchmarks.clinic_reading").measure()


if __name__ == "__main__":
    main()
