"""The triggers of 0002 go for good: `workflow/frozen.py` lists those that follow."""

from importlib import import_module

from django.db import migrations

former = import_module("distribution.migrations.0002_records_are_only_added")


class Migration(migrations.Migration):
    dependencies = [("distribution", "0002_records_are_only_added")]
    operations = [migrations.RunPython(former.backwards, former.forwards)]
