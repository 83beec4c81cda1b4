"""Uploads as a phone makes them, and what is left of them at rest."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.people import Somebody
from tracking.models import Photo


def check_of(somebody: Somebody, **person: Any) -> UUID:  # Any: fields of the person, and `site`
    """A check of a new lump on the lower back (or at `site`) of a new person."""
    site = person.pop("site", "lower_back")
    return somebody.put_observation(somebody.put_lump(somebody.put_person(**person), site=site))


def send(
    somebody: Somebody,
    observation: UUID,
    data: bytes,
    *,
    photo: UUID | None = None,
    name: str = "a.jpg",
    **form: object,
) -> Any:  # Any: the test client's answer
    image = BytesIO(data)
    image.name = name
    body = encode_multipart(BOUNDARY, {"image": image, "observation": str(observation), **form})
    token = {"X-Session-Token": somebody.token} if somebody.token else {}
    return somebody.client.put(
        f"/api/v1/photos/{photo or uuid4()}/", body, content_type=MULTIPART_CONTENT, headers=token
    )


def told(answer: Any) -> Any:  # Any: the test client's answer; JSON
    return json.loads(answer.content)


def files(storage: Path) -> list[Path]:
    return [path for path in storage.rglob("*") if path.is_file()]


def nothing_is_stored(storage: Path) -> bool:
    return not files(storage) and not Photo.objects.exists()
