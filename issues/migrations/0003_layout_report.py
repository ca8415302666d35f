from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("issues", "0002_issued_is_frozen")]

    operations = [
        migrations.AddField(
            model_name="proof",
            name="report",
            field=models.JSONField(null=True, help_text="What the layout check found; empty when it did not run."),
        ),
    ]
