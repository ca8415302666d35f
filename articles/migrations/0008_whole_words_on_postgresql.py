"""PostgreSQL: whole words for the archive's search, and indexes without the list in which a GIN index keeps what is new,
which every search reads whole until a vacuum empties it."""

from django.db import migrations

FORWARDS = [
    "ALTER INDEX articles_search_pairs SET (fastupdate = off)",
    "SELECT gin_clean_pending_list('articles_search_pairs')",
    "ALTER TABLE articles_search ADD COLUMN wholes tsvector",
    "CREATE INDEX articles_search_wholes ON articles_search USING gin (wholes) WITH (fastupdate = off)",
]
BACKWARDS = [
    "ALTER TABLE articles_search DROP COLUMN wholes",
    "ALTER INDEX articles_search_pairs RESET (fastupdate)",
]


def run(statements):
    def execute(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for statement in statements:
                schema_editor.execute(statement)

    return execute


class Migration(migrations.Migration):
    dependencies = [("articles", "0007_alternative_text_of_photos")]
    operations = [migrations.RunPython(run(FORWARDS), run(BACKWARDS))]
