"""Articles that their units are revising are found by what was handed in."""

from django.db import migrations

from articles import richtext, search


def forwards(apps, schema_editor):
    articles = apps.get_model("articles", "Article").objects.filter(status="returned")
    for article in articles.select_related("current_version").iterator():
        text = article.current_version
        lines = [text.title.replace("\n", ""), text.subtitle, *richtext.to_text(text.body).splitlines()]
        search.store_handed_in(article.pk, lines)


def backwards(apps, schema_editor):
    column = "rowid" if schema_editor.connection.vendor == "sqlite" else "article_id"
    schema_editor.execute(f"DELETE FROM {search.TABLE} WHERE {column} < 0")


class Migration(migrations.Migration):
    dependencies = [("articles", "0004_triggers_of_the_house")]
    operations = [migrations.RunPython(forwards, backwards)]
