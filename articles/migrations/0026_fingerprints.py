"""The table of fingerprints, read by its key alone; and every article that is there waits to be compared by the workers."""

from django.db import migrations

STATEMENTS = {
    "sqlite": "CREATE TABLE articles_fingerprint (hash integer NOT NULL, print integer NOT NULL, PRIMARY KEY (hash, print)) "
    "WITHOUT ROWID",
    # No foreign key: a table that Django does not know, pointing at one that it does, would stop manage.py flush.
    "postgresql": "CREATE TABLE articles_fingerprint (hash integer, print bigint, PRIMARY KEY (hash, print))",
}


def forwards(apps, schema_editor):
    schema_editor.execute(STATEMENTS[schema_editor.connection.vendor])
    articles = apps.get_model("articles", "Article").objects.exclude(status="discarded").order_by("pk")
    prints = apps.get_model("articles", "Print")
    keys = list(articles.values_list("pk", flat=True))
    prints.objects.bulk_create((prints(article_id=key) for key in keys), batch_size=5000)


def backwards(apps, schema_editor):
    schema_editor.execute("DROP TABLE articles_fingerprint")


class Migration(migrations.Migration):
    dependencies = [("articles", "0025_duplicates")]
    operations = [migrations.RunPython(forwards, backwards)]
