import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_mails"),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "topic",
                    models.CharField(
                        choices=[
                            ("urgent", "Urgent: to approve, to sign, returned, reminded"),
                            ("work", "Other things to do"),
                            ("news", "What became of articles and issues"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("matter", models.CharField(editable=False, max_length=60)),
                ("word", models.CharField(max_length=20, verbose_name="what it says")),
                ("title", models.CharField(max_length=220, verbose_name="title")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                ("verb", models.CharField(max_length=20, verbose_name="button")),
                ("url", models.CharField(max_length=200, verbose_name="place")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                ("read_at", models.DateTimeField(null=True, verbose_name="read")),
                ("settled_at", models.DateTimeField(null=True, verbose_name="settled")),
                ("is_for_daily_mail", models.BooleanField(default=False)),
            ],
            options={
                "verbose_name": "notice",
                "verbose_name_plural": "notices",
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="mail",
            name="begun_at",
            field=models.DateTimeField(null=True, verbose_name="begun"),
        ),
        migrations.AddField(
            model_name="mail",
            name="day",
            field=models.DateField(null=True, verbose_name="day"),
        ),
        migrations.AddField(
            model_name="user",
            name="news_mails",
            field=models.CharField(
                choices=[("at_once", "by mail at once"), ("daily", "in one mail a day"), ("here", "only here")],
                default="daily",
                max_length=10,
                verbose_name="What became of articles and issues",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="urgent_mails",
            field=models.CharField(
                choices=[("at_once", "by mail at once"), ("daily", "in one mail a day"), ("here", "only here")],
                default="at_once",
                max_length=10,
                verbose_name="Urgent: to approve, to sign, returned, reminded",
            ),
        ),
        migrations.AddField(
            model_name="user",
            name="work_mails",
            field=models.CharField(
                choices=[("at_once", "by mail at once"), ("daily", "in one mail a day"), ("here", "only here")],
                default="daily",
                max_length=10,
                verbose_name="Other things to do",
            ),
        ),
        migrations.AlterField(
            model_name="mail",
            name="kind",
            field=models.CharField(
                choices=[
                    ("password_link", "link for a new password"),
                    ("password_changed", "password changed"),
                    ("address_changed", "address changed"),
                    ("roles_changed", "roles changed"),
                    ("second_factor_on", "phone code switched on"),
                    ("second_factor_off", "phone code switched off"),
                    ("second_factor_reset", "phone code reset"),
                    ("notice", "notice at once"),
                    ("daily", "notices of a day"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="mail",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "daily")), fields=("user", "day"), name="one_mail_with_notices_a_day"
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="mail",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="notices",
                to="accounts.mail",
                verbose_name="mail",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notices",
                to=settings.AUTH_USER_MODEL,
                verbose_name="user",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["user", "-created_at"], name="accounts_no_user_id_6d4522_idx"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("read_at", None), ("settled_at", None)), fields=["user"], name="notice_unread"
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(condition=models.Q(("settled_at", None)), fields=["matter"], name="notice_unsettled"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("is_for_daily_mail", True), ("read_at", None), ("settled_at", None)),
                fields=["created_at"],
                name="notice_for_daily_mail",
            ),
        ),
    ]
