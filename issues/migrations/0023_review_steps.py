"""Bulletins that are there go on with one review; a new one has three."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('issues', '0022_redline_pdfs'),
    ]

    operations = [
        migrations.AddField(
            model_name='bulletin',
            name='review_steps',
            field=models.PositiveSmallIntegerField(choices=[(1, 'one'), (2, 'two: first, second'), (3, 'three: first, second, final')], default=1, help_text='Each by another person. It holds for what is handed in from then on.', verbose_name='steps of review'),
        ),
        migrations.AlterField(
            model_name='bulletin',
            name='review_steps',
            field=models.PositiveSmallIntegerField(choices=[(1, 'one'), (2, 'two: first, second'), (3, 'three: first, second, final')], default=3, help_text='Each by another person. It holds for what is handed in from then on.', verbose_name='steps of review'),
        ),
        migrations.AddConstraint(
            model_name='bulletin',
            constraint=models.CheckConstraint(condition=models.Q(('review_steps__range', (1, 3))), name='bulletin_has_one_to_three_reviews'),
        ),
    ]
