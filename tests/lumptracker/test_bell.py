"""The worker sweeps although its broker never answers."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0  # seconds: the machine may be busy with other tests
HAS_SWEPT = "from triage.sweep import last_sweep_at; raise SystemExit(0 if last_sweep_at() else 3)"


def test_a_worker_whose_broker_is_dead_from_the_start_still_sweeps(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    environment = {
        **kept,
        "LUMPTRACKER_DATA": str(tmp_path),
        "CELERY_BROKER_URL": "redis://127.0.0.1:1/0",
        "SWEEP_SECONDS": "1",
    }
    subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=environment, check=True)
    command = [sys.executable, "-m", "celery", "--app", "lumptracker", "--quiet", "worker", "--pool", "threads"]
    worker = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    look = [sys.executable, "manage.py", "shell", "--no-imports", "--command", HAS_SWEPT]
    try:
        ends = time.monotonic() + PATIENCE
        while subprocess.run(look, cwd=ROOT, env=environment, check=False).returncode != 0:
            assert time.monotonic() < ends, "it waited for its broker"
    finally:
        worker.kill()
        worker.wait()
