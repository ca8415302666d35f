from datetime import timedelta

from django.db import migrations


def tie(apps, schema_editor):
    """Former names that were entered before: each to the one row of its tier that begins the day after, where no other does."""
    Unit = apps.get_model("accounts", "Unit")
    rows = list(Unit.objects.all())
    for row in rows:
        if row.valid_to is None:
            continue
        ended = [each for each in rows if (each.tier, each.valid_to) == (row.tier, row.valid_to)]
        begun = [each for each in rows if (each.tier, each.valid_from) == (row.tier, row.valid_to + timedelta(days=1))]
        if len(ended) == len(begun) == 1:
            Unit.objects.filter(pk=row.pk).update(renamed_to=begun[0].pk)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_former_names")]

    operations = [migrations.RunPython(tie, migrations.RunPython.noop)]
