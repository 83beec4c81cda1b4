"""What gunicorn loads."""

import os

from django.core.wsgi import get_wsgi_application

from lumptracker import celery  # noqa: F401  so that what a request asks for rings this bell and no other

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lumptracker.settings")
application = get_wsgi_application()
