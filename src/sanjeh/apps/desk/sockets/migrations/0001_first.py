"""Files that were brought into chats."""

from __future__ import annotations

from django.db import migrations, models

from sanjeh.apps.site.models import new_id


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=new_id, max_length=40, primary_key=True, serialize=False
                    ),
                ),
                ("by", models.CharField(max_length=70)),
                ("name", models.CharField(max_length=200)),
                ("media", models.CharField(max_length=100)),
                ("bytes", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("chat", models.BigIntegerField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["chat", "at"], name="files_never_sent")],
            },
        ),
    ]
