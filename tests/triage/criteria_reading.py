"""How a history is read: answers that grow old, care already given, blanks, clocks and closing. See criteria.py."""

from __future__ import annotations

from typing import Any

from tests.triage.criteria_told import CALM, FALL, case
from tests.triage.histories import AT, day

# fmt: off
FEVER = {"fever": True}
SEEN: tuple[str, int, dict[str, Any]] = ("seen", 10, {})  # Any: JSON
ASK = {"days": 120, "size": 20, "ago": 1}

READING = [
    case("time", "same_day", "back pain 27 days ago stands", site="lower_back", side="left", days=30, ago=27, size=9,
         back_pain=True),
    case("time", "routine", "back pain 28 days ago is not known any more", CALM, site="lower_back", side="left",
         days=30, ago=28.1, size=9, back_pain=True),
    case("time", "routine", "fever of two days ago stands", CALM | FEVER, ago=2, size=9),
    case("time", "watch", "fever of three days ago does not", CALM | FEVER, ago=3.1, days=6, size=9),
    case("time", "watch", "taken back by a later check", CALM, fever=False, size=9, before=[(1, {"fever": True,
         "temperature_c": 39})]),
    case("time", "routine", "a later check that did not ask takes nothing back", CALM, size=9, before=[(1, FEVER)]),
    case("time", "routine", "unsure takes nothing back", trend="unsure", cause="injury", before=[(2,
         {"trend": "bigger"})]),
    case("time", "watch", "a check after the moment of asking is not read", CALM, size=9, ago=-1, confusion=True),
    case("time", "emergency", "a phone clock two days ahead hides nothing", confusion=True, ago=-2,
         received_at=AT.isoformat()),
    case("care", "watch", "seen, unchanged", CALM, ASK, care=[SEEN]),
    case("care", "routine", "told and booked mute nothing", CALM, ASK, care=[("told", 10, {}), ("booked", 9, {})]),
    case("care", "routine", "a scan mutes nothing", CALM, ASK, care=[("imaging", 10, {})]),
    case("care", "routine", "what a clinician wrote, not confirmed", CALM, ASK, care=[("seen", 10,
         {"by": "clinician"})]),
    case("care", "watch", "... confirmed", CALM, ASK, care=[("seen", 10, {"by": "clinician", "confirmed": True})]),
    case("care", "routine", "what the person wrote and took back", CALM, ASK, care=[("seen", 10,
         {"confirmed": False})]),
    case("care", "watch", "a day before the review", CALM, ASK, care=[("seen", 90, {"review_on": day(-1)})]),
    case("care", "routine", "the day of the review", CALM, ASK, care=[("seen", 90, {"review_on": day(0)})]),
    case("care", "watch", "two visits on one day, one with a review", CALM, ASK, care=[("discharged", 10, {}), ("seen",
         10, {"review_on": day(-5), "id": "00000000-0000-4000-8000-000000000001"})]),
    case("care", "this_week", "seen, bigger since", CALM | {"trend": "bigger"}, ASK, care=[SEEN]),
    case("care", "routine", "explained, seen, bigger since", FALL, ASK | {"days": 25}, trend="bigger", care=[SEEN]),
    case("care", "routine", "seen, sore since", CALM | {"pain": 5}, ASK, before=[(40, {"pain": 0})], care=[SEEN]),
    case("care", "watch", "seen, as sore as before", CALM | {"pain": 5}, ASK, before=[(12, {"pain": 5})], care=[SEEN]),
    case("R06", "routine", "seen, 24 mm then, 26 mm now", CALM, ASK | {"size": 26}, before=[(40, {"size": 24})],
         care=[SEEN]),
    case("R06", "routine", "seen, 26 mm from the midnight after on", CALM, ASK | {"size": 26, "ago": 9.5},
         before=[(40, {"size": 24})], care=[SEEN]),
    case("R06", "watch", "seen, 26 mm late that evening", CALM, ASK | {"size": 26, "ago": 9.51},
         before=[(40, {"size": 24})], care=[SEEN]),
    case("care", "watch", "seen on day 3, two weeks by time alone", CALM, ASK | {"days": 13}, care=[SEEN]),
    case("care", "this_week", "seen never mutes 50 mm", CALM, ASK | {"size": 50}, care=[SEEN]),
    case("care", "same_day", "seen never mutes back pain", CALM, ASK, site="lower_back", back_pain=True, care=[SEEN]),
    case("closed", "watch", "closed at 60 mm", CALM, ASK | {"size": 60, "ago": 9}, closed_on=day(5),
         closed_reason="stopped"),
    case("closed", "same_day", "closed, back pain", ASK | {"ago": 9}, site="lower_back", back_pain=True,
         closed_on=day(5)),
    case("closed", "this_week", "a later check opens it again", CALM, ASK | {"size": 60}, closed_on=day(5),
         closed_reason="gone"),
    case("closed", "watch", "a later check that finds it gone does not", ASK | {"size": None}, trend="gone",
         closed_on=day(5)),
    case("closed", "this_week", "closed tomorrow is not closed", CALM, ASK | {"size": 60}, closed_on=day(-1)),
    case("unknown", "watch", "six days, everything unsure", kind="unsure", cause="unsure", trend="unsure",
         consistency="unsure", days=6),
    case("unknown", "routine", "groin bulge, pushing back not said", site="groin", kind="comes_and_goes", days=3),
    case("unknown", "this_week", "testicle, nothing said", site="scrotum"),
    case("unknown", "this_week", "unsure of the cause is no cause", site="thyroid", cause="unsure"),
]
# fmt: on
