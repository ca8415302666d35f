from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('issues', '0013_claimers'),
    ]

    operations = [
        migrations.AddField(
            model_name='issue',
            name='looked_at',
            field=models.DateTimeField(editable=False, help_text='When the sweep last saw that its pages were asked for.', null=True),
        ),
    ]
