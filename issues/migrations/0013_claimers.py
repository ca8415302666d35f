from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('issues', '0012_list_created_at'),
    ]

    operations = [
        migrations.AddField(
            model_name='articlepreview',
            name='lease_by',
            field=models.CharField(blank=True, help_text='The process that claimed it.', max_length=100),
        ),
        migrations.AddField(
            model_name='proof',
            name='lease_by',
            field=models.CharField(blank=True, help_text='The process that claimed it.', max_length=100),
        ),
    ]
