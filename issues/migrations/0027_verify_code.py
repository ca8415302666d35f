from django.db import migrations, models

import issues.models.issue


class Migration(migrations.Migration):

    dependencies = [
        ('issues', '0026_past_files'),
    ]

    operations = [
        # Bulletins that are there go on as they are; new ones have the code.
        migrations.AddField(
            model_name='bulletin',
            name='verify_code',
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name='bulletin',
            name='verify_code',
            field=models.BooleanField(default=True, help_text='A QR code under the end matter. Whoever scans it sees on the page “Verify” whether the issue is in force, corrected or withdrawn.', verbose_name='print a verification code on the last page'),
        ),
        # Without a default at first: all rows would get the same token.
        migrations.AddField(
            model_name='issue',
            name='verify_token',
            field=models.CharField(editable=False, max_length=13, null=True, unique=True),
        ),
        migrations.AlterField(
            model_name='issue',
            name='verify_token',
            field=models.CharField(default=issues.models.issue.new_verify_token, editable=False, max_length=13, null=True, unique=True),
        ),
    ]
