"""What happened before there was a log is chained too, in the order in which it happened: a worker does it after the start."""

from django.db import migrations

# table -> when it happened
TABLES = {
    "articles_articleevent": "at",
    "issues_issueevent": "at",
    "issues_signoff": "at",
    "distribution_mailingevent": "at",
    "distribution_deliveryevent": "at",
    "distribution_receipt": "confirmed_at",
    "distribution_accesslog": "at",
}


def let_wait(apps, schema_editor):
    rows = " UNION ALL ".join(
        f"SELECT '{table.replace('_', '.', 1)}' AS source, id AS row_id, {moment} AS moment FROM {table}"  # noqa: S608
        for table, moment in TABLES.items()
    )
    schema_editor.execute(
        f'INSERT INTO workflow_waiting (source, "row") SELECT source, row_id FROM ({rows}) AS past '  # noqa: S608
        "ORDER BY moment, source, row_id"
    )


class Migration(migrations.Migration):
    dependencies = [
        ("bulletin_cms", "0002_upkeep_of_the_log"),
        ("workflow", "0001_log"),
        ("articles", "0023_versions_contact"),
        ("issues", "0025_sign_off_names_the_log"),
        ("distribution", "0009_archive_packages"),
    ]

    operations = [migrations.RunPython(let_wait, migrations.RunPython.noop)]
