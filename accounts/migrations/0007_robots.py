import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_notices"),
    ]

    operations = [
        migrations.CreateModel(
            name="RobotPost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                (
                    "next_try_at",
                    models.DateTimeField(default=django.utils.timezone.now, null=True, verbose_name="next try"),
                ),
                ("begun_at", models.DateTimeField(null=True, verbose_name="begun")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent")),
                ("error", models.CharField(blank=True, max_length=500, verbose_name="error")),
                (
                    "robot",
                    models.CharField(
                        choices=[("wecom", "WeCom"), ("dingtalk", "DingTalk"), ("feishu", "Feishu")],
                        max_length=10,
                        verbose_name="robot",
                    ),
                ),
                ("text", models.CharField(max_length=200, verbose_name="text")),
            ],
            options={
                "verbose_name": "post of a robot",
                "verbose_name_plural": "posts of robots",
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("sent_at", None)), fields=["next_try_at"], name="robotpost_waiting"
                    )
                ],
            },
        ),
    ]
