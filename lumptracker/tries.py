"""How often what may be tried, written as allauth reads it: for each address (ip), name (key) or account (user)."""

from __future__ import annotations

COUNTED_BY_US = ""  # allauth counts nothing under this name; the door itself does: counted_doors.py

# "known": a device that signed in to this account before, or a session of it that is open. It has counters of its own
# and none for its network address, so that nobody else, in the same house, far away or in another open session, uses up
# what its owner may try.
# confirm_email: how many codes go to one address.
ACCOUNT_TRIES = {
    "confirm_email": "6/10m/key",
    "reauthenticate": COUNTED_BY_US,
    "prove": "10/m/key,40/h/key",
    "prove_known": "10/m/key,40/h/key",
    "change_password": COUNTED_BY_US,
    "new_password": "5/m/key,20/h/key",
    "new_password_known": "5/m/key,20/h/key",
    "login_failed": COUNTED_BY_US,
    "password": "10/m/ip,5/5m/key,20/h/key",
    "password_known": "10/5m/key,40/h/key",
    "login": COUNTED_BY_US,
    "sign_in": "30/m/ip",
    "sign_in_known": "30/m/key",
    "factor": "10/m/ip,5/5m/key,20/h/key",
    "factor_known": "10/5m/key,40/h/key",
    "reset_password": COUNTED_BY_US,
    "ask_reset": "20/m/ip,5/m/key,10/h/key",
    "ask_reset_known": "5/m/key,10/h/key",
    "reset_password_from_key": COUNTED_BY_US,
    "answer_reset": "20/m/ip",
    "answer_reset_known": "20/m/key",
    "request_login_code": COUNTED_BY_US,
    "ask_code": "20/m/ip,3/m/key,10/h/key",
    "ask_code_known": "3/m/key,10/h/key",
    "passkey": "20/m/ip",
    "passkey_known": "20/m/key",
}
PASSKEY_TRIES = {"webauthn_login": COUNTED_BY_US}
