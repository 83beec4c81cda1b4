"""A dead man's switch for whoever runs this: each sweep reports to an address outside, in the Healthchecks protocol.

Where the reports stop, or one says that something due has waited too long or was set aside, the watchman out there
raises the alarm; nothing in here could, once everything in here has stopped. The report carries nothing but the fact.
"""

from __future__ import annotations

import logging
from datetime import datetime

import requests
from django.conf import settings

from triage.ages import TOO_OLD, oldest_due_age, was_set_aside

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 5


def report_to_watchman(*, at: datetime) -> None:
    """Say that a sweep has ended; to `/fail` while something due has waited for more than five minutes, and for an hour
    after something was set aside."""
    if not settings.HEALTHCHECK_URL:
        return
    wrong = "waits too long" if oldest_due_age(at) > TOO_OLD else "set aside" if was_set_aside(at) else ""
    url = settings.HEALTHCHECK_URL + ("/fail" if wrong else "")
    try:
        answer = requests.post(url, data=wrong, timeout=TIMEOUT_SECONDS, allow_redirects=False)
    except requests.RequestException as error:
        logger.warning("the watchman could not be told: %s", type(error).__name__)  # its address is a secret
        return
    if answer.status_code >= 300:
        logger.warning("the watchman answered %s", answer.status_code)
