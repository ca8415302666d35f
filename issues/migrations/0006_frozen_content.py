"""What was signed or imported is kept word for word; an issue that is given up keeps its row.

The triggers of 0002 go for good: `workflow/frozen.py` lists those that follow, and puts them in after every migrate.
"""

from importlib import import_module

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


FORMER = ("issues_issue", "issues_placement", "issues_issuerecipient")


def drop_former_triggers(apps, schema_editor):
    for table in FORMER:
        if schema_editor.connection.vendor == "sqlite":
            for event in ("update", "insert"):
                schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_frozen_{event}")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_is_frozen ON {table}")
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {table}_is_frozen()")


class Migration(migrations.Migration):

    dependencies = [
        ('issues', '0005_places_and_previews'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(drop_former_triggers, import_module("issues.migrations.0002_issued_is_frozen").forwards),
        migrations.CreateModel(
            name='FrozenContent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('text', models.TextField(editable=False, verbose_name='content')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created at')),
            ],
            options={
                'verbose_name': 'frozen content',
                'verbose_name_plural': 'frozen contents',
            },
        ),
        migrations.RemoveConstraint(
            model_name='issue',
            name='issue_status_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='issue',
            name='issue_number_once_a_year',
        ),
        migrations.RemoveConstraint(
            model_name='issue',
            name='issue_total_number_once',
        ),
        migrations.AddField(
            model_name='placement',
            name='signed_unit',
            field=models.CharField(blank=True, default='', editable=False, max_length=40, verbose_name='unit, as signed'),
        ),
        migrations.AddField(
            model_name='signoff',
            name='pdf_sha256',
            field=models.CharField(blank=True, default='', editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name='signoff',
            name='report',
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name='issue',
            name='status',
            field=models.CharField(choices=[('draft', 'being assembled'), ('pending', 'waiting for sign-off'), ('signed', 'signed off'), ('issued', 'issued'), ('discarded', 'given up')], default='draft', editable=False, max_length=20, verbose_name='status'),
        ),
        migrations.AddField(
            model_name='issue',
            name='frozen',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='issues.frozencontent'),
        ),
        migrations.AddField(
            model_name='signoff',
            name='frozen',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='issues.frozencontent'),
        ),
        migrations.AddConstraint(
            model_name='issue',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ['draft', 'pending', 'signed', 'issued', 'discarded'])), name='issue_status_is_known'),
        ),
        migrations.AddConstraint(
            model_name='issue',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'discarded'), _negated=True), fields=('bulletin', 'kind', 'year', 'number'), name='issue_number_once_a_year'),
        ),
        migrations.AddConstraint(
            model_name='issue',
            constraint=models.UniqueConstraint(condition=models.Q(('total_number__isnull', False), models.Q(('status', 'discarded'), _negated=True)), fields=('bulletin', 'total_number'), name='issue_total_number_once'),
        ),
    ]
