import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_tables_of_excel")]

    operations = [
        migrations.AddField(
            model_name="unit",
            name="renamed_to",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="former_names",
                to="accounts.unit",
            ),
        ),
    ]
