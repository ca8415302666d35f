import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0017_versions_kind'),
    ]

    operations = [
        migrations.AddField(
            model_name='articleversion',
            name='restored_from',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='articles.articleversion', verbose_name='restored from'),
        ),
    ]
