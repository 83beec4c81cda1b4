"""The rule books that were ever used to judge, each kept once as it was."""

from __future__ import annotations

from django.db import models


class RulebookEdition(models.Model):
    """What a digest stands for, so that advice can be explained years after its rules have changed."""

    digest = models.CharField(max_length=80, primary_key=True)  # sha256:…
    first_used_at = models.DateTimeField()
    rules = models.BinaryField()  # the rule book as `rulebook/` served it: JSON, compressed by zlib
