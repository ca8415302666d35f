"""Contents with all that a Word file can hold, of our own writing."""

from io import BytesIO

from PIL import Image

from tests.typesetting.printed import article, issue, photo
from typesetting.page.presets import Measures

TABLE = (
    "<table><caption>表1 各站巡查次数</caption><thead><tr><th>站点</th><th>次数</th><th>说明</th></tr></thead><tbody>"
    '<tr><td rowspan="2">东站</td><td>3</td><td>夜间</td></tr><tr><td>12.5</td><td>白天，逐户走访，记录在册，次日复查</td></tr>'
    '<tr><td colspan="2">合计</td><td>15.5</td></tr></tbody></table>'
)
BODY = (
    "<p>站点<strong>分两组</strong>巡查，<em>连续三晚</em>，面积10m<sup>2</sup>。</p><h2>一、总体情况</h2><p>巡查情况如下：</p>"
    f"<h4>（一）东站</h4>{TABLE}<ul><li>东站三次；</li><li>西站两次。</li></ul><ol start='3'><li>继续巡查；</li></ol>"
    "<blockquote>以上由站点汇总。</blockquote><p>喆堃赟龑䶮𬭎𬣞同志参加。<br>另有12人。</p>"
)


def jpeg(photo_id, size=(600, 400)):
    out = BytesIO()
    Image.new("RGB", size, (40 + 50 * photo_id % 200, 120, 90)).save(out, "JPEG")
    return out.getvalue()


def full(**changes):
    photos = [
        photo(1, "东站夜间巡查", 600, 400, "两人在站点门口", after=1),
        photo(2, "西站", 600, 400),
        photo(3, "复查", 600, 400),
    ]
    values = {
        "has_contents": True,
        "editor_note": "本期刊登一组基层巡查情况。\n请各单位参考。",
        "briefs": (
            article(8, title="", paragraphs=("东站更换门禁。",), section="brief"),
            article(9, title="", paragraphs=("西站增设灯具。",), section="brief"),
        ),
        "copy_number": "000012",
        "security": "内部",
        "notice": "内部资料 注意保存",
        "permit_number": "沪内（2026）8",
        "signer": "王小明",
        "issue_to": ("各站点", "各班组"),
    }
    first = article(1, title="站点开展夜间安全巡查", subtitle="东站先行", body=BODY, photos=photos)
    second = article(2, title="班组学习操作规程", body="<p>班组集中学习。</p>", photos=[photo(4, "", 400, 600)])
    return issue(first, second, **(values | changes))


BOTH_SIDES = Measures(mirrored=True)
