"""The states of an article that are compared and merged: what it says now, and what it said in its versions."""

from collections.abc import Sequence
from datetime import date

from .comparison import Comparison, Story, StoryPhoto, compare_stories
from .models import Article, ArticleEvent, ArticleVersion

Text = Article | ArticleVersion
HANDED_IN = (Article.SUBMIT.name, Article.FILE.name, Article.APPROVE.name)

FIELDS = ("kind", "title", "subtitle", "event_on", "authors", "contact", "body")
PHOTO_FIELDS = ("caption", "alternative")


def story_of(text: Text) -> Story:
    """One query for an article, which has its photos in rows; none for a version."""
    photos = tuple(
        StoryPhoto(each["photo"], each["caption"], each.get("alternative", ""), each.get("after"))
        for each in _photos_of(text)
    )
    return Story(text.title, text.subtitle, text.authors, text.body, photos)


def says(article: Article, version: ArticleVersion) -> bool:
    """Whether the article says what the version kept, beside the text too."""
    beside = article.contact, article.event_on
    kept = (version.contact, version.event_on) if version.keeps_contact else beside
    return story_of(article) == story_of(version) and beside == kept


def state_of(text: Text) -> dict[str, str]:
    """What a person may type of it, for merging: its fields, and those of its photos with their order.

    What a version didn't keep is left out."""
    photos = _photos_of(text)
    fields = {name: as_text(getattr(text, name)) for name in FIELDS if getattr(text, name, "") != ""}
    of_photos = {f"{name}-{each['photo']}": each.get(name, "") for each in photos for name in PHOTO_FIELDS}
    return fields | of_photos | {"order": ",".join(str(each["photo"]) for each in photos)}


def as_text(value: str | date | None) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")


def _photos_of(text: Text) -> list[dict]:
    return text.photos if isinstance(text, ArticleVersion) else [photo.as_handed_in for photo in text.photos()]


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
