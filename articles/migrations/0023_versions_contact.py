from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0022_photo_place'),
    ]

    operations = [
        migrations.AddField(
            model_name='articleversion',
            name='contact',
            field=models.CharField(help_text='Empty where it was not kept.', max_length=100, null=True, verbose_name='contact'),
        ),
        migrations.AddField(
            model_name='articleversion',
            name='event_on',
            field=models.DateField(null=True, verbose_name='event date'),
        ),
    ]
