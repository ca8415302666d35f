"""A narrow row for each issued article, by which the archive's search sorts and counts."""

from itertools import groupby

import django.db.models.deletion
from django.db import migrations, models

from articles import richtext, search

SECTIONS = ["bureau", "branch", "post", "courier", "other", "brief"]
BATCH = 1000


def forwards(apps, schema_editor):
    ArchiveEntry = apps.get_model("issues", "ArchiveEntry")
    placements = apps.get_model("issues", "Placement").objects.filter(issue__status="issued")
    wanted = placements.order_by("issue_id").values(
        "pk", "article_id", "issue_id", "issue__dated_on", "issue__year", "issue__security", "section", "position",
        "article__unit__tier", "article__kind", "version__title",
    )  # fmt: skip
    entries = []
    for _issue, rows in groupby(wanted.iterator(), key=lambda row: row["issue_id"]):
        in_order = sorted(rows, key=lambda row: (SECTIONS.index(row["section"]), row["position"], row["pk"]))
        entries += [
            ArchiveEntry(
                article_id=row["article_id"],
                issue_id=row["issue_id"],
                dated_on=row["issue__dated_on"],
                place=place,
                year=row["issue__year"],
                security=row["issue__security"],
                tier=row["article__unit__tier"],
                kind=row["article__kind"],
                title=search.normalise(row["version__title"]),
            )
            for place, row in enumerate(in_order)
        ]
        if len(entries) >= BATCH:
            ArchiveEntry.objects.bulk_create(entries)
            entries = []
    ArchiveEntry.objects.bulk_create(entries)
    if schema_editor.connection.vendor == "postgresql":  # whose search looks for whole words
        issued = apps.get_model("articles", "Article").objects.filter(archive_entry__isnull=False)
        for article in issued.iterator(chunk_size=200):
            lines = [article.title.replace("\n", ""), article.subtitle, *richtext.to_text(article.body).splitlines()]
            search.store(article.pk, lines, in_archive=True)


class Migration(migrations.Migration):
    dependencies = [("articles", "0008_whole_words_on_postgresql"), ("issues", "0015_pages_before")]
    operations = [
        migrations.CreateModel(
            name="ArchiveEntry",
            fields=[
                (
                    "article",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="archive_entry",
                        serialize=False,
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="archive_entries",
                        to="issues.issue",
                        verbose_name="issue",
                    ),
                ),
                ("dated_on", models.DateField(verbose_name="date")),
                ("place", models.PositiveSmallIntegerField(verbose_name="order in the issue")),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("security", models.CharField(blank=True, max_length=12, verbose_name="security class")),
                (
                    "tier",
                    models.CharField(
                        choices=[
                            ("bureau", "Municipal bureau"),
                            ("branch", "District bureaus"),
                            ("post", "China Post"),
                            ("courier", "Courier companies"),
                            ("other", "Others"),
                        ],
                        max_length=10,
                        verbose_name="tier",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("article", "Article"), ("brief", "Brief")], max_length=10, verbose_name="kind"
                    ),
                ),
                (
                    "title",
                    models.TextField(blank=True, help_text="As words are compared with it.", verbose_name="title"),
                ),
            ],
            options={
                "verbose_name": "archive entry",
                "verbose_name_plural": "archive entries",
                "ordering": ["-dated_on", "-issue_id", "place"],
                "indexes": [models.Index(fields=["security"], name="issues_arch_securit_e83784_idx")],
            },
        ),
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(fields=["status", "year", "security"], name="issues_issu_status_52bb6e_idx"),
        ),
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
