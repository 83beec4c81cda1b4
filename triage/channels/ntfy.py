"""ntfy (https://ntfy.sh, or a server of one's own): a push for phones without a vendor's services.

The hoster lists the servers, the person names a topic on one of them. Whoever knows a topic can read along, so it must
be long, and what is said there says nothing.
"""

from __future__ import annotations

import re

import requests
from django.conf import settings

from tracking.texts import say
from triage.channels.endpoints import EndpointRefused, check_endpoint, session_for
from triage.channels.message import Address, Given, Message, Outcome, Urgency
from triage.channels.waits import wait_of

TIMEOUT_SECONDS = 10
TOPIC = re.compile(r"[-_A-Za-z0-9]{16,64}")
PRIORITY: dict[Urgency, int] = {"check": 3, "today": 4, "now": 5, "test": 3}
HIGHEST = 5


def accept_topic(text: str) -> Address:
    """`https://server/topic` taken apart. Raises EndpointRefused for a server that is not listed, or a short topic."""
    parts = check_endpoint(text.strip(), hosts=settings.NTFY_HOSTS)
    topic = parts.path.removeprefix("/")
    if not TOPIC.fullmatch(topic) or parts.query:
        raise EndpointRefused("endpoint_form")
    return {"server": f"{parts.scheme}://{parts.netloc}/", "topic": topic}


def send_ntfy(message: Message, address: Address) -> Outcome:
    """Publish to one topic. A repeat has the same sequence id, so that the phone shows it in place of the first."""
    try:
        session = session_for(address["server"], hosts=settings.NTFY_HOSTS)
    except EndpointRefused as error:
        return Outcome("later", error.code) if error.may_pass else Outcome("gone", error.code)
    row = row_of(message, address["topic"])
    with session:
        try:
            answer = session.post(address["server"], json=row, timeout=TIMEOUT_SECONDS, allow_redirects=False)
        except requests.TooManyRedirects:
            return Outcome("gone", "ntfy_redirect")
        except requests.RequestException as error:
            return Outcome("later", type(error).__name__)
    return _outcome_of(answer)


def row_of(message: Message, topic: str) -> dict[str, object]:
    """What is published. What was told before says so, and rings a degree louder."""
    return {
        "topic": topic,
        "title": message.title,
        "message": say("push.again", language=message.language) if message.is_again else message.app_name,
        "click": message.link,
        "priority": min(PRIORITY.get(message.urgency, 3) + message.is_again, HIGHEST),
        "sequence_id": message.intent.hex,
    }


def _outcome_of(answer: requests.Response) -> Outcome:
    status = answer.status_code
    code = f"ntfy_{status}"
    if status == 200:
        return Outcome("sent")
    if status in (401, 403):
        return Outcome("broken", code)  # the topic belongs to somebody else
    if status == 429 or status >= 500:
        return Outcome("later", code, wait_of(answer))
    return Outcome("gone" if status in (404, 410) else "refused", code)


NTFY = Given(send_ntfy, accept_topic, lambda: bool(settings.NTFY_HOSTS))
