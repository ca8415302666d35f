import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def person(on_delete, related_name, name, **options):
    return models.ForeignKey(
        null=True,
        on_delete=on_delete,
        related_name=related_name,
        to=settings.AUTH_USER_MODEL,
        verbose_name=name,
        **options,
    )


def user(**options):
    return person(django.db.models.deletion.CASCADE, "mails", "user", **options)


def by(**options):
    return person(django.db.models.deletion.SET_NULL, "+", "by", **options)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_personal_links")]

    operations = [
        migrations.RenameModel("Notice", "Mail"),
        migrations.RenameIndex("Mail", old_name="notice_waiting", new_name="mail_waiting"),
        migrations.AlterModelOptions("Mail", {"verbose_name": "mail", "verbose_name_plural": "mails"}),
        # The indexes of its keys are made anew: a renamed table keeps their names, which the next table needs.
        migrations.AlterField("Mail", "user", user(db_index=False)),
        migrations.AlterField("Mail", "user", user()),
        migrations.AlterField("Mail", "by", by(db_index=False)),
        migrations.AlterField("Mail", "by", by()),
    ]
