"""Counts whose SQL is written once for all who may do the same."""

from datetime import date

import pytest
from django.db.models import Count, Q

from accounts.models import Notice, User
from tests import factories
from workflow import counts


@pytest.fixture
def asked(monkeypatch):
    """A question, and for whom it was put into SQL."""
    monkeypatch.setattr(counts, "_written", {})
    put = []

    def question(user):
        put.append(user)
        wanted = {"mine": Count("pk", filter=Q(pk=user.pk)), "colleagues": Count("pk", filter=Q(unit=user.unit_id))}
        if user.has_perm("articles.review_article"):
            wanted["everybody"] = Count("pk")
        return User.objects.filter(~Q(pk=user.pk) | Q(is_active=True)).aggregate(**wanted)

    question.put = put
    return question


def test_each_person_gets_what_the_question_alone_would_say(cast, asked):
    for who in ("lin", "he", "zhao", "lu", "gu", "fang", "lin"):
        user = getattr(cast, who)
        assert counts.answer(asked, user) == asked(user)


def test_it_is_written_once_for_all_of_a_unit_with_the_same_permissions(cast, units, asked, django_assert_num_queries):
    colleague = factories.make_user("wu", "吴开颜", "contributor", unit=units.qingpu)
    colleague.get_all_permissions()
    counts.answer(asked, cast.lin)

    with django_assert_num_queries(1):
        assert counts.answer(asked, colleague)["mine"] == 1

    assert len(asked.put) == 1


@pytest.mark.parametrize("change", ["unit", "role", "day"])
def test_it_is_written_anew_for_another(change, cast, units, asked, monkeypatch):
    counts.answer(asked, cast.lin)
    if change == "day":
        monkeypatch.setattr(counts.timezone, "localdate", lambda: date(2030, 1, 1))
    elif change == "unit":
        User.objects.filter(pk=cast.lin.pk).update(unit=units.yunda)
    else:
        cast.lin.roles.create(role="editor")
    user = User.objects.get(pk=cast.lin.pk)

    answer = counts.answer(asked, user)

    assert len(asked.put) == 2
    assert answer == asked(user)


def test_a_question_of_several_queries_is_refused(cast, monkeypatch):
    monkeypatch.setattr(counts, "_written", {})

    def two(_user):
        return User.objects.aggregate(one=Count("pk")) | Notice.objects.aggregate(two=Count("pk"))

    with pytest.raises(ValueError, match="too many"):
        counts.answer(two, cast.lin)
