"""The states of an article that are compared: what it says now, and what it said in its versions."""

from collections.abc import Sequence

from .comparison import Comparison, Story, StoryPhoto, compare_stories
from .models import Article, ArticleEvent, ArticleVersion

Text = Article | ArticleVersion
HANDED_IN = (Article.SUBMIT.name, Article.APPROVE.name)


def story_of(text: Text) -> Story:
    """One query for an article, which has its photos in rows; none for a version."""
    kept = text.photos if isinstance(text, ArticleVersion) else [photo.as_handed_in for photo in text.photos()]
    photos = (StoryPhoto(each["photo"], each["caption"], each.get("alternative", "")) for each in kept)
    return Story(text.title, text.subtitle, text.authors, text.body, tuple(photos))


def compare_texts(before: Text, after: Text) -> Comparison:
    return compare_stories(story_of(before), story_of(after))


def before_of(text: Text, events: Sequence[ArticleEvent]) -> ArticleVersion | None:
    """What this text is compared with: a version with what its unit handed in, and if it is that itself, or is being
    written, with the last other version that was handed in, returned or changed."""
    newest_first = events[::-1]
    handed_in = [event.version for event in newest_first if event.transition in HANDED_IN][:1]
    known = [event.version for event in newest_first]
    for version in handed_in + known if isinstance(text, ArticleVersion) else known:
        if version and version != text:
            return version
    return None
