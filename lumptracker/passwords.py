"""Passwords that are tried first. Django ships 20,000 of them; few are as long as ours must be, so their usual
lengthenings are refused too: digits and signs at the end, the same said twice, rows of keys."""

from __future__ import annotations

import re

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from tracking.models import User
from tracking.texts import say

ROWS = ("0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1q2w3e4r5t6y7u8i9o0p")
LONGEST_PIECE = 8  # characters said over and over
_ALIKE = str.maketrans("@0135$7", "aoiesst")
_repeated = re.compile(rf"(.{{1,{LONGEST_PIECE}}}?)\1+(.*)", re.DOTALL)


class NotCommon(CommonPasswordValidator):
    """One of those that a guesser tries first: common, or a common one made longer."""

    def validate(self, password: str, user: User | None = None) -> None:  # noqa: ARG002  Django's own signature
        if self._is_common(password.lower().strip()):
            raise ValidationError(say("account.password_common"), code="password_too_common")

    def _is_common(self, password: str) -> bool:
        plain = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", password)
        shapes = {password, plain, plain.translate(_ALIKE), password.translate(_ALIKE)}
        return plain == "" or any(shape in self.passwords or _is_pattern(shape) for shape in shapes)


def _is_pattern(text: str) -> bool:
    """A piece repeated to the end, or a walk along a row of keys that may start again."""
    found = _repeated.fullmatch(text)
    if found and found[1].startswith(found[2]):
        return True
    return any(text in row * 4 or text in row[::-1] * 4 for row in ROWS)
