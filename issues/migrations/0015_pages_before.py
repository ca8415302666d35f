from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('issues', '0014_looked_at'),
    ]

    operations = [
        migrations.AddField(
            model_name='articlepreview',
            name='pdf_before',
            field=models.FileField(blank=True, help_text='The PDF before, for pages that are still open.', upload_to=''),
        ),
        migrations.AddField(
            model_name='articlepreview',
            name='looks_before',
            field=models.JSONField(default=list),
        ),
    ]
