"""Fields for the masthead and for the page's measures.

SQLite adds a column by making the table anew, which loses the triggers of 0002; they are taken away and put back.
"""

from importlib import import_module

from django.core.validators import RegexValidator
from django.db import migrations, models

frozen = import_module("issues.migrations.0002_issued_is_frozen")


def text(length, **options):
    return models.CharField(max_length=length, blank=True, default="", **options)


def millimetres(name):
    return models.DecimalField(verbose_name=name, max_digits=4, decimal_places=1, null=True, blank=True)


BULLETIN = {
    "permit_number": text(
        40, verbose_name="permit number", help_text="Printed in the upper right corner: 准印证号."
    ),
    "notice": text(30, verbose_name="notice", help_text="Printed in the upper right corner: 内部资料 · 注意保存."),
    "characters": models.PositiveSmallIntegerField("characters in a line", null=True, blank=True),
    "rows": models.PositiveSmallIntegerField("lines on a page", null=True, blank=True),
    "body_size": models.DecimalField("body size in points", max_digits=4, decimal_places=2, null=True, blank=True),
    "top_mm": millimetres("upper margin in mm"),
    "bottom_mm": millimetres("lower margin in mm"),
    "left_mm": millimetres("left margin in mm"),
}
ISSUE = {
    "copy_number": text(
        6,
        verbose_name="copy number",
        validators=[RegexValidator(r"[0-9]{6}\Z", "Write the copy number with six digits, such as 000001.")],
    ),
    "security": text(
        12,
        verbose_name="security class",
        validators=[
            RegexValidator(
                r"^(绝密|机密|秘密|内部)(★([1-9][0-9]?年|[1-9][0-9]?个月|长期))?\Z",
                "Write 内部, or the class and its term, such as 秘密★1年.",
            )
        ],
    ),
    "signer_name": text(20, verbose_name="signer, as printed"),
}


class Migration(migrations.Migration):
    dependencies = [("issues", "0003_layout_report")]
    operations = [
        migrations.RunPython(frozen.backwards, frozen.forwards),
        *(migrations.AddField("bulletin", name, field) for name, field in BULLETIN.items()),
        *(migrations.AddField("issue", name, field) for name, field in ISSUE.items()),
        migrations.RunPython(frozen.forwards, frozen.backwards),
    ]
