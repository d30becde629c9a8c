"""One table: records on their way to the ledger."""

from __future__ import annotations

from django.db import models


class Handing(models.Model):
    """A record that the ledger does not have yet; forgotten as soon as it has."""

    kind = models.CharField(max_length=40)
    record = models.JSONField()  # instants as ISO 8601 in UTC
    made_at = models.DateTimeField(auto_now_add=True)
