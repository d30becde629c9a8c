"""Work that is not to be begun before an instant."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobs", "0002_delivery")]

    operations = [
        migrations.AddField(model_name="job", name="due_at", field=models.DateTimeField(null=True)),
    ]
