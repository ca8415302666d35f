"""Two browsers on one article, in any order: whatever happens to them, no run of characters that was typed is lost.

The browsers here keep the rules of static/js/article-form.js: a page has the base that it was made from, what has not
reached the server lies in the computer, and a conflict waits for its person's choice. The server is the form.
"""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from articles import versions
from articles.forms import ArticleForm, Conflict
from articles.merging import split
from articles.models import Article
from tests.factories import make_article

TYPED = ("title", "body")
WHO, PLACE, CHOICE = st.integers(0, 1), st.integers(0, 4), st.sampled_from(["mine", "theirs", "both"])
LUCK = st.sampled_from(["arrives", "arrives", "arrives", "network cut", "answer lost", "session over"])
SAVE = st.tuples(st.just("save"), WHO, LUCK)
ACT = st.one_of(
    st.tuples(st.sampled_from(["type", "add", "title", "delete"]), WHO, PLACE),
    st.tuples(st.sampled_from(["type", "add", "title"]), WHO, PLACE),
    SAVE,
    SAVE,
    st.tuples(st.just("settle"), WHO, CHOICE),
    st.tuples(st.sampled_from(["close", "open", "wait"]), WHO, st.none()),
)


@dataclass
class Browser:
    user: User
    article: Article
    is_looking: bool  # the cursor stands elsewhere, so that the page takes in what others changed
    runs: set = field(default_factory=set)  # what the person typed, and nobody deleted again
    kept: tuple | None = None  # in the computer
    page: dict | None = None
    base: dict = field(default_factory=dict)
    saved: dict = field(default_factory=dict)
    attempted: dict | None = None
    clashes: list = field(default_factory=list)  # those that wait for a choice

    def open(self):
        if self.page is not None:
            return
        self.base = versions.state_of(Article.objects.get(pk=self.article.pk))
        self.page = {name: self.base.get(name, "") for name in TYPED}
        self.saved, self.clashes, self.attempted = dict(self.page), [], None
        if self.kept:
            self.page, self.base = self.kept
            self.save("arrives")

    def close(self):
        self.page = None

    def write(self, act, place, run):
        """Something is typed into the title, behind a paragraph or as a new one; or a paragraph is deleted. The words
        of what is deleted are answered."""
        if self.page is None:
            return ""
        blocks = [block.html for block in split(self.page["body"])]
        at, gone = min(place, len(blocks) - 1), ""
        if act == "title":
            self.page["title"] += run
        elif act == "add" or not blocks:
            blocks.insert(place, f"<p>{run}</p>")
        elif act == "type":
            blocks[at] = blocks[at].replace("</p>", f"{run}</p>")
        else:
            gone, run = blocks.pop(at), ""
        self.runs |= {run} - {""}
        self.page["body"] = "\n".join(blocks)
        self.kept = dict(self.page), self.base
        return gone

    def save(self, luck, choices=None):
        if self.page is None or (not choices and (self.clashes or self.page == self.saved)):
            return
        if luck == "session over":  # the server reads nothing of it
            return
        if luck == "network cut":
            self.attempted = dict(self.page)
            return
        sent = {"kind": "article", "authors": "", "base": json.dumps(self.base)} | self.page | (choices or {})
        form = ArticleForm(sent, instance=Article.objects.get(pk=self.article.pk), user=self.user)
        assert form.can_be_kept
        conflict = None
        try:
            form.keep()
        except Conflict as found:
            conflict = found
        if luck == "answer lost":
            self.attempted = dict(self.page)
        elif conflict:
            self.disputed(conflict)
        else:
            self.confirmed(form.taken_over)

    def confirmed(self, taken_over):
        self.base = self.base | self.page
        self.saved, self.kept, self.attempted, self.clashes = dict(self.page), None, None, []
        if self.is_looking:
            self.page |= {name: text for name, text in taken_over.items() if name in TYPED}
            self.base, self.saved = self.base | self.page, dict(self.page)

    def disputed(self, conflict):
        theirs = dict.fromkeys(TYPED, "") | versions.state_of(conflict.theirs)
        arrived = [n for n in TYPED if self.attempted and self.attempted[n] == theirs[n] != self.base.get(n, "")]
        self.base, self.attempted, self.clashes = self.base | {name: theirs[name] for name in arrived}, None, []
        if arrived:
            self.save("arrives")
            return
        self.kept = dict(self.page), self.base
        self.clashes = conflict.clashes

    def settle(self, choice):
        """Both can't stand of a title or of a deletion: then it is the person's own that counts."""
        if self.clashes:
            wanted = {f"choice-{c.key}": choice if choice in c.choices else "mine" for c in self.clashes}
            self.save("arrives", wanted)


def rest(article):
    """Half an hour without a save: the next one begins another sitting."""
    Article.objects.filter(pk=article.pk).update(updated_at=timezone.now() - timedelta(minutes=31))


def act_out(acts, browsers, article):
    numbers = count()
    for act, who, what in acts:
        browser = browsers[who]
        if act in ("open", "close"):
            getattr(browser, act)()
        elif act in ("save", "settle"):
            getattr(browser, act)(what)
        elif act == "wait":
            rest(article)
        else:
            gone = browser.write(act, what, f"〔{'甲乙'[who]}{next(numbers)}〕")
            for each in browsers:
                each.runs = {run for run in each.runs if run not in gone}
    for browser in browsers:  # both come back once more, and take the other's text
        browser.open()
        browser.save("arrives")
        while browser.clashes:  # asked again where the other has gone on writing since it was shown
            browser.settle("theirs")


@pytest.mark.sqlite
@settings(max_examples=1_000, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(acts=st.lists(ACT, min_size=3, max_size=9), looking=st.tuples(st.booleans(), st.booleans()))
def test_nothing_that_was_typed_is_lost(acts, looking, cast):
    article = make_article(cast.lin, authors="", body="<p>第一段。</p><p>第二段。</p>")
    browsers = [Browser(user, article, looks) for user, looks in zip((cast.lin, cast.he), looking, strict=True)]
    for browser in browsers:
        browser.open()

    act_out(acts, browsers, article)

    article.refresh_from_db()
    kept = "".join([article.title, article.body, *(v.title + v.body for v in article.versions.all())])
    assert {run for browser in browsers for run in browser.runs if run not in kept} == set()
