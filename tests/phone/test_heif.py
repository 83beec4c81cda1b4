"""A HEIC file that the phone could not open loses its hidden part there, and is the same picture afterwards."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image

from benchmarks.camera.phone import NODE_MODULES, bundle
from tests.servers import without

CLEAN = """
import { readFileSync, writeFileSync } from "node:fs";
const [folder, from, to] = process.argv.slice(2);
const { withoutMetadata } = await import(`${folder}/heif.mjs`);
const bytes = readFileSync(from);
const clean = withoutMetadata(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
writeFileSync(to, new Uint8Array(clean));
"""
SIZES = [(64, 48), (1100, 700)]  # one tile, and some
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>somewhere</x:xmpmeta>"


def photographed(size: tuple[int, int]) -> bytes:
    """A picture with shape in it, a maker, a time and a place."""
    pillow_heif.register_heif_opener()
    picture = Image.radial_gradient("L").resize(size).convert("RGB")
    exif = Image.Exif()
    exif[0x010F] = "A maker"
    exif[0x9003] = "2026:11:20 10:00:00"
    exif.get_ifd(0x8825)[2] = (51.0, 30.0, 0.0)
    file = io.BytesIO()
    picture.save(file, "HEIF", exif=exif.tobytes(), xmp=XMP, quality=60)
    return file.getvalue()


@pytest.mark.parametrize("size", SIZES)
def test_what_the_server_gets_is_the_picture_alone(tmp_path: Path, size: tuple[int, int]) -> None:
    if not NODE_MODULES.exists():
        without("the phone app's packages are not installed (run: make setup)")
    bundle(tmp_path)
    before, after, script = tmp_path / "a.heic", tmp_path / "b.heic", tmp_path / "clean.mjs"
    before.write_bytes(photographed(size))
    script.write_text(CLEAN)
    subprocess.run(["node", script, tmp_path, before, after], check=True)
    sent = after.read_bytes()
    assert b"A maker" in before.read_bytes()
    assert b"A maker" not in sent
    assert b"somewhere" not in sent
    assert len(sent) == before.stat().st_size
    with Image.open(before) as was, Image.open(after) as now:
        assert now.tobytes() == was.tobytes()
        assert not now.info.get("exif")
        assert not now.info.get("xmp")
