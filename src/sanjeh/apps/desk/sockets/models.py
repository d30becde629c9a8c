"""One table: files that were brought into chats. The files themselves lie in the folder."""

from __future__ import annotations

from django.db import models

from sanjeh.apps.site.models import new_id


class Upload(models.Model):
    """A file that a visitor or a member brought."""

    id = models.CharField(max_length=40, primary_key=True, default=new_id)
    by = models.CharField(max_length=70)  # `v:ID` or `m:N`, as signals name them
    name = models.CharField(max_length=200)
    media = models.CharField(max_length=100)  # of what it holds, not of what was said
    bytes = models.PositiveIntegerField()
    at = models.DateTimeField()
    chat = models.BigIntegerField(null=True)  # in which it was sent

    class Meta:
        indexes = (models.Index(fields=["chat", "at"], name="files_never_sent"),)
