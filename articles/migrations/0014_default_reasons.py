from django.db import migrations

REASONS = {
    "decline": {
        "B01": "内容重复",
        "B02": "时效已过",
        "B03": "与主题无关",
        "B04": "事项单一，不单独成稿",
        "B05": "政治表述不准确",
        "B06": "涉密或不宜公开",
        "B07": "主要事实无法核实",
        "B08": "已在其他刊物刊用",
    },
    "return": {
        "T01": "篇幅过长，请压缩",
        "T02": "政治表述需核实",
        "T03": "人名、职务、单位全称需核对",
        "T04": "数据前后不一致，请核对",
        "T05": "时间、地点不明确，请补充",
        "T06": "缺少具体做法或成效",
        "T07": "标题与内容不符，请修改",
        "T08": "照片不合要求，请更换",
    },
    "brief": {
        "J01": "事项单一，改为一段刊用",
        "J02": "篇幅有限，择要刊用",
        "J03": "与同期稿件内容相近，择要刊用",
        "J04": "时效性强，先行刊用要点",
    },
}


def enter(apps, _schema_editor):
    reasons = apps.get_model("articles", "Reason").objects
    for act, labels in REASONS.items():
        for position, (code, label) in enumerate(labels.items(), 1):
            reasons.create(act=act, code=code, label=label, position=position)


def take_out(apps, _schema_editor):
    codes = [code for labels in REASONS.values() for code in labels]
    apps.get_model("articles", "Reason").objects.filter(code__in=codes).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0013_decisions"),
    ]

    operations = [
        migrations.RunPython(enter, take_out),
    ]
