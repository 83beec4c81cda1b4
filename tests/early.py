"""Loaded before anything else (`-p tests.early`): tests never touch the installation's own data folder.

`DATABASE_URL` and `CELERY_BROKER_URL` pass through, so the same tests run on PostgreSQL and Redis.
"""

import atexit
import os
import shutil
import tempfile

if "PYTEST_XDIST_WORKER" not in os.environ or "LUMPTRACKER_TEST_DATA" not in os.environ:
    folder = tempfile.mkdtemp(prefix="tracker-tests-")
    os.environ["LUMPTRACKER_TEST_DATA"] = folder
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
os.environ["LUMPTRACKER_DATA"] = os.environ["LUMPTRACKER_TEST_DATA"]
for name in ("PUBLIC_URL", "EMAIL_URL", "SIGNUP", "PUSH_HOSTS", "STORAGE_URL", "APP_NAME"):
    os.environ.pop(name, None)
