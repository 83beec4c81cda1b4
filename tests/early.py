"""Loaded before anything else (`-p tests.early`): tests never touch the installation's own data folder or servers.

`TEST_ON=postgres` runs the same tests on a PostgreSQL that is started here and stopped at the end.
"""

import atexit
import os
import shutil
import tempfile
from contextlib import ExitStack

from tests.servers import postgres

SETTINGS = ("PUBLIC_URL", "EMAIL_URL", "SIGNUP", "PUSH_HOSTS", "STORAGE_URL", "APP_NAME", "HOST", "PORT")

if "PYTEST_XDIST_WORKER" not in os.environ:  # workers inherit what the first process made
    stack = ExitStack()
    atexit.register(stack.close)
    folder = tempfile.mkdtemp(prefix="tracker-tests-")
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    for name in (*SETTINGS, "DATABASE_URL", "CELERY_BROKER_URL"):
        os.environ.pop(name, None)
    os.environ["LUMPTRACKER_DATA"] = folder
    if os.environ.get("TEST_ON") == "postgres":
        os.environ["DATABASE_URL"] = stack.enter_context(postgres(is_hasty=True))
