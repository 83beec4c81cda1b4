"""A whole installation in a folder of its own, driven through `manage.py` as a hoster would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LONGEST_SECONDS = 120

HEAD = """
import django
django.setup()
import json
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4
from django.utils import timezone
from allauth.account.models import EmailAddress
from tests import pictures
from tracking.models import *
from tracking.record import put_row
from tracking.record_kinds import LUMP, OBSERVATION, PERSON
from tracking.record_photos import SentPhoto, store_photo
from triage.models import *
at = timezone.now()
"""

ADA = """
ada = User.objects.create_user("ada@example.org", "a long way to the sea", time_zone="UTC")
EmailAddress.objects.create(user=ada, email=ada.email, verified=True, primary=True)
person, lump, check, photo = uuid4(), uuid4(), uuid4(), uuid4()
put_row(ada, PERSON, person, {"name": "Ada"}, at=at)
put_row(ada, LUMP, lump, {"person": str(person), "site": "neck", "label": "the one by the collar"}, at=at)
document = {"lump": str(lump), "observed_at": at.isoformat(), "note": "sore at night", "signs": SIGNS}
put_row(ada, OBSERVATION, check, document, at=at)
store_photo(ada, photo, SentPhoto(check, pictures.jpeg()), at=at)
"""


@dataclass
class Installation:
    """`given`: further settings. Its data folder is made by the first command."""

    folder: Path
    given: dict[str, str] = field(default_factory=dict)

    @property
    def surroundings(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        own = {"LUMPTRACKER_DATA": str(self.folder), "DJANGO_SETTINGS_MODULE": "lumptracker.settings"}
        return {**kept, "PYTHONPATH": str(ROOT), **own, **self.given}

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=self.surroundings, capture_output=True, text=True,
            timeout=LONGEST_SECONDS, check=False,
        )  # fmt: skip

    def manage(self, *command: str) -> str:
        """What a command prints; it must end well."""
        done = self.run("manage.py", *command)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def refuses(self, *command: str) -> str:
        """What a command that ends badly says."""
        done = self.run("manage.py", *command)
        assert done.returncode != 0, done.stdout
        return done.stderr

    def told(self, code: str) -> Any:  # Any: JSON
        """What a few lines inside the installation print as JSON."""
        done = self.run("-c", HEAD + code)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout or "null")

    def sign_up_ada(self, **signs: object) -> None:
        """Ada with one lump, one check with words and signs, one photo."""
        self.told(ADA.replace("SIGNS", repr(signs)))
