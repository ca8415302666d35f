"""Who has written, handed in, passed or edited what is under way: nobody takes a further step of it."""

from django.db import migrations

BY_THE_UNIT = ("submit", "ask_approval", "approve", "send_back", "withdraw")


def note_parts(apps, _schema_editor):
    article_model, part_model = apps.get_model("articles", "Article"), apps.get_model("articles", "ReviewPart")
    for article in article_model.objects.filter(submitted_at__isnull=False).exclude(status__in=("issued", "discarded")):
        events = list(article.events.order_by("pk").values_list("pk", "transition", "by"))
        begun = [at for at, (_pk, name, _by) in enumerate(events) if name in ("submit", "ask_approval")]
        if not begun:
            continue
        article_model.objects.filter(pk=article.pk).update(round=len(begun))
        article.events.filter(pk__gte=events[begun[-1]][0]).update(round=len(begun))
        wrote = {article.created_by_id} | {by for _pk, name, by in events if name in BY_THE_UNIT}
        reviewed = {by for _pk, name, by in events[begun[-1] :] if name in ("accept", "revise")}
        parts = dict.fromkeys(reviewed - {None}, 1) | dict.fromkeys(wrote - {None}, 0)
        part_model.objects.bulk_create(
            part_model(article=article, round=len(begun), person_id=person, step=step) for person, step in parts.items()
        )


class Migration(migrations.Migration):
    dependencies = [("articles", "0020_review_steps")]

    operations = [migrations.RunPython(note_parts, migrations.RunPython.noop)]
