import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_robots'),
    ]

    operations = [
        migrations.AddField(
            model_name='notice',
            name='link',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='accounts.personallink', verbose_name='personal link'),
        ),
    ]
