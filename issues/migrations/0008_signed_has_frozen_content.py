from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("issues", "0007_freeze_what_was_signed")]

    operations = [
        migrations.AddConstraint(
            model_name='issue',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status__in', ('signed', 'issued')), _negated=True), ('frozen__isnull', False), _connector='OR'), name='signed_has_frozen_content'),
        ),
    ]
