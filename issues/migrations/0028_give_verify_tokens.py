from django.db import migrations

from issues.models.issue import new_verify_token


def give_tokens(apps, schema_editor):
    """To the issues that may still be printed with a code. They keep it on the way back, until its column goes."""
    issues = apps.get_model("issues", "Issue").objects.filter(status__in=("draft", "pending"), verify_token=None)
    for pk in list(issues.values_list("pk", flat=True)):
        issues.filter(pk=pk).update(verify_token=new_verify_token())


class Migration(migrations.Migration):

    dependencies = [
        ('issues', '0027_verify_code'),
    ]

    operations = [migrations.RunPython(give_tokens, migrations.RunPython.noop)]
