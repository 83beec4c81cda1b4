"""Pictures beside `vipsthumbnail` and beside their decoder alone: time on the clock, and the most memory.

Every run is a process of its own, start included, in turn with the one it is compared with; the child is the very file
that the product starts. `vipsthumbnail` runs once for each of the two sizes, as it has no way to make both.
Run alone: `python -m benchmarks.photos` (Debian: libvips-tools; without it that comparison is left out, and said).
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from tests.pictures import encoded, marked
from tracking import photo_child
from tracking.photo_child import LARGE_PX, QUALITY, THUMB_PX

ROUNDS = 5
VIPS_LIMIT, HEIC_LIMIT = 0.6, 1.2  # of the other's time
CHILD = [sys.executable, "-I", photo_child.__file__]
DECODE_HEIC = [
    sys.executable,
    "-I",
    "-c",
    "import sys; from io import BytesIO; import pi_heif; from PIL import Image; pi_heif.register_heif_opener();"
    "Image.open(BytesIO(sys.stdin.buffer.read())).load()",
]
# A small process in between: the most memory of a child counts what its parent held when it forked.
WATCH = (
    "import json,resource,subprocess,sys,time; began=time.perf_counter();"
    "code=subprocess.run(sys.argv[2:],stdin=open(sys.argv[1],'rb'),stdout=subprocess.DEVNULL).returncode;"
    "used=resource.getrusage(resource.RUSAGE_CHILDREN);"
    "print(json.dumps([code,time.perf_counter()-began,used.ru_utime+used.ru_stime,used.ru_maxrss/1024]))"
)
Row = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class Run:
    """What one process took."""

    seconds: float
    processor_seconds: float
    most_mib: float


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="tracker-bench-") as name:
        folder = Path(name)
        yield from _beside_vips(_picture(folder / "12.jpg", 12), folder)
        for words, limit in (("JPEG", 150), ("progressive JPEG", 220)):
            ours = _run(CHILD, _picture(folder / "48.jpg", 48, progressive=words != "JPEG"))
            yield _row(f"photo {words} 48 MP, most memory", ours.most_mib, "MiB", limit=limit)
        yield from _beside_decoder(_picture(folder / "12.heic", 12, kind="HEIF"))


def _beside_vips(picture: Path, folder: Path) -> Iterator[Row]:
    vips = shutil.which("vipsthumbnail")
    ours, theirs = [], []
    for _ in range(ROUNDS):
        ours.append(_run(CHILD, picture))
        if vips:
            out = f"{folder}/out.jpg[Q={QUALITY},strip]"
            both = [_run([vips, str(picture), "-s", str(size), "-o", out], picture) for size in (LARGE_PX, THUMB_PX)]
            theirs.append(sum(one.seconds for one in both))
    yield _row("photo JPEG 12 MP, most memory", max(one.most_mib for one in ours), "MiB", limit=80)
    if vips:
        ratio = statistics.median(mine.seconds / other for mine, other in zip(ours, theirs, strict=True))
        yield _row("photo JPEG 12 MP to both sizes", ratio, "of vipsthumbnail's time", limit=VIPS_LIMIT)
    else:
        print("vipsthumbnail is not installed (Debian: apt-get install libvips-tools)", file=sys.stderr)


def _beside_decoder(picture: Path) -> Iterator[Row]:
    pairs = [(_run(CHILD, picture), _run(DECODE_HEIC, picture)) for _ in range(ROUNDS)]
    ratio = statistics.median(ours.seconds / decoded.seconds for ours, decoded in pairs)
    yield _row("photo HEIC 12 MP to both sizes", ratio, "of the decoding alone", limit=HEIC_LIMIT)


def _picture(path: Path, megapixels: int, *, kind: str = "JPEG", progressive: bool = False) -> Path:
    """Texture over four colours, as heavy as a photo, without anything that would be kept as it is."""
    side = int((megapixels * 1_000_000 / 12) ** 0.5)
    size = (4 * side, 3 * side)
    grain = Image.effect_noise((size[0] // 2, size[1] // 2), 30).resize(size).convert("RGB")
    path.write_bytes(encoded(Image.blend(marked(*size), grain, 0.4), kind, quality=90, progressive=progressive))
    return path


def _run(command: Sequence[str], given: Path) -> Run:
    watched = [sys.executable, "-I", "-S", "-c", WATCH, str(given), *command]
    done = subprocess.run(watched, check=True, stdout=subprocess.PIPE)
    code, *told = json.loads(done.stdout)
    if code:
        raise RuntimeError(f"{command[0]} ended with {code}")
    return Run(*told)


def _row(name: str, value: float, unit: str, *, limit: float) -> Row:
    return {"bench": name, "value": round(value, 2), "unit": unit, "vs": {f"{limit} {unit}": round(value / limit, 2)}}


if __name__ == "__main__":
    for row in rows():
        print(json.dumps(row), flush=True)
