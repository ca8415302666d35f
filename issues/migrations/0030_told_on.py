"""Issued articles are compared as told on the day of their issue."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def forwards(apps, _schema_editor):
    placements = apps.get_model("issues", "Placement").objects.filter(issue__status="issued")
    day = placements.filter(article=OuterRef("article")).values("issue__dated_on")
    prints = apps.get_model("articles", "Print").objects.filter(article__in=placements.values("article"))
    prints.update(told_on=Subquery(day))


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0026_fingerprints"),
        ("issues", "0029_proofread_sign_offs"),
    ]
    operations = [
        migrations.AlterField(
            "placement",
            "signed_unit",
            models.CharField("unit, as signed", max_length=200, blank=True, default="", editable=False),
        ),
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
