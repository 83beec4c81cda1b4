"""Sessions in Django's own table, each found by a question that was put before: every request asks it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from tracking.statements import Question

OPEN = Question(lambda key, at: Session.objects.filter(session_key=key, expire_date__gt=at), key=str, at=datetime)


class SessionStore(db.SessionStore):
    """Django's, but for how one is looked up."""

    def _get_session_from_db(self) -> Any:  # Any: a row of it, as Django's own
        found = OPEN.first(key=self.session_key, at=timezone.now()) if self.session_key else None
        if found is None:
            self._session_key = None
        return found
