from types import SimpleNamespace

import pytest

from articles.duplicates import keeping
from tests.articles.duplicates.stories import DRILL, DRILL_BY_COMPANY, VISIT
from tests.factories import make_article, submitted


def compared(*articles):
    """All that waits has been compared."""
    assert keeping.compare_waiting() == 0
    return articles


def body(story):
    return "".join(f"<p>{line}</p>" for line in story.paragraphs)


def told(make, by, story, **fields):
    return make(by, title=story.title, body=body(story), **fields)


@pytest.fixture
def sent(cast):
    """`one` of Lin and `copy` of Zhao say the same but for a name, `other` of Zhao is of the same event, `apart` of another."""
    one = told(submitted, cast.lin, DRILL)
    copy = told(submitted, cast.zhao, DRILL._replace(title="宝山的演练", text=DRILL.text.replace("预案", "方案")))
    other = told(submitted, cast.zhao, DRILL_BY_COMPANY)
    apart = told(submitted, cast.zhao, VISIT)
    compared()
    return SimpleNamespace(one=one, copy=copy, other=other, apart=apart)


def draft_like(by, story):
    return told(make_article, by, story)
