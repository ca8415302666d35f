"""An issue with two articles, and who assembles it."""

import pytest

from tests import factories
from tests.scenes import scene


@scene
def issue(bulletin, cast):
    """青浦一, 宝山一, in this order."""
    articles = [
        factories.accepted(cast.lin, cast.lu, title="青浦局新增夜间服务点"),
        factories.accepted(cast.zhao, cast.lu, title="宝山局推进循环箱进网点"),
    ]
    return factories.make_issue(bulletin, cast.lu, articles)


@pytest.fixture
def editor(as_user, cast):
    return as_user(cast.lu)
