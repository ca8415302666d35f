"""各种版本: what the copy button puts on the clipboard keeps its look where it is pasted."""

import pytest
from django.urls import reverse

from issues.models import Paper
from issues.papers import making
from tests import factories

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# As the editor of 公众号 takes it in: without style elements, ids and classes.
PLACE = """
<meta charset="utf-8"><div id="place" contenteditable style="width: 360px"></div>
<script>
document.addEventListener("paste", (event) => {
  event.preventDefault();
  const pasted = new DOMParser().parseFromString(event.clipboardData.getData("text/html"), "text/html");
  pasted.querySelectorAll("style, script, link").forEach((each) => each.remove());
  pasted.querySelectorAll("*").forEach((each) => { each.removeAttribute("id"); each.removeAttribute("class"); });
  document.getElementById("place").innerHTML = pasted.body.innerHTML;
});
</script>
"""


def test_what_is_copied_looks_the_same_where_it_is_pasted(browse, live_server, bulletin, cast, shot):
    article = factories.accepted(
        cast.lin,
        cast.lu,
        body="<h3>一、做法</h3><p>全文。</p><table><tbody><tr><th>甲</th><td>乙</td></tr></tbody></table><ol><li>一点</li></ol>",
    )
    issue = factories.issued_issue(bulletin, cast, [article])
    making.make(Paper.objects.create(issue=issue, kind="wechat"))
    page = browse(cast.lu, path=reverse("issues:papers", args=[issue.pk]))
    shot(page, "papers")

    page.get_by_role("button", name="复制正文").click()
    page.get_by_text("已复制").wait_for()
    pasting = page.context.new_page()
    pasting.set_content(PLACE)
    pasting.locator("#place").click()
    pasting.keyboard.press("Control+V")
    pasting.get_by_text("一、做法").wait_for()
    pasting.evaluate("() => document.activeElement.blur()")
    as_pasted = pasting.locator("#place > section").screenshot()

    file = page.context.new_page()
    text = page.context.request.get(live_server.url + reverse("issues:paper_text", args=[issue.pk])).text()
    file.set_content(f'<meta charset="utf-8"><div contenteditable style="width: 360px">{text}</div>')
    assert file.locator("div > section").first.screenshot() == as_pasted
    assert pasting.locator("#place h2").evaluate("each => getComputedStyle(each).textAlign") == "center"
    assert page.faults == []
