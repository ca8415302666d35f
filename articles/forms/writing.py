"""What a unit writes, kept with what others wrote meanwhile."""

import json
from collections.abc import Sequence
from datetime import date
from typing import cast

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts.models import Unit

from .. import merging, photos, proofing, richtext, sittings, versions
from ..dates import DateField
from ..models import Article, Kind, Photo


class Conflict(Exception):
    """Somebody else has moved the article since this person opened it, or changed the same places of it.

    `theirs` is the row as it is now; `clashes` are the places, none when it was moved.
    """

    def __init__(self, theirs: Article, clashes: Sequence[merging.Clash] = ()):
        super().__init__()
        self.theirs = theirs
        self.clashes = clashes


def base_of(article: Article) -> str:
    """What a page keeps of the state that it was made from."""
    return json.dumps(versions.state_of(article), ensure_ascii=False) if article.pk else ""


def choices_of(data) -> dict[str, str]:
    """What a person chose where another had changed the same."""
    return {name.removeprefix("choice-"): data[name] for name in data if name.startswith("choice-")}


class ArticleForm(forms.ModelForm):
    """Everything may be left empty while writing; `for_submission` says what an article can't be handed in without.

    Beside the fields the page sends `base` (the state that it was made from), after a conflict `choice-<clash>`, and for
    each photo `caption-<photo>` and `alternative-<photo>`.
    """

    event_on = DateField(label=gettext_lazy("Day of the event"), required=False)
    body = forms.CharField(
        label=gettext_lazy("Text"),
        required=False,
        max_length=200_000,
        widget=richtext.Editor,
        error_messages={
            "max_length": gettext_lazy("The text is too long for an article. Please divide it among several articles.")
        },
    )

    class Meta:
        model = Article
        fields = ["kind", "title", "subtitle", "event_on", "authors", "contact", "body"]
        labels = {
            "kind": gettext_lazy("Kind"),
            "authors": gettext_lazy("Reported by"),
            "contact": gettext_lazy("Telephone"),
        }
        widgets = {
            "kind": forms.RadioSelect,
            "title": forms.Textarea(attrs={"rows": 2}),
            "contact": forms.TextInput(attrs={"inputmode": "tel"}),
        }

    def __init__(self, *args, user, **kwargs):
        instance = kwargs.get("instance") or Article(
            created_by=user, unit=user.unit, authors=str(user), contact=user.mobile
        )
        kwargs["instance"] = instance
        super().__init__(*args, **kwargs)
        self.user = user
        self.taken_over: merging.State = {}  # once it is kept: of what was sent, the fields that others have changed
        cast("forms.ChoiceField", self.fields["kind"]).choices = Kind.choices
        if instance.unit_id is None:
            self.fields["unit"] = forms.ModelChoiceField(
                label=gettext_lazy("Unit"),
                queryset=Unit.objects.valid_on(timezone.localdate()),
                error_messages={"required": gettext_lazy("Choose the unit.")},
            )

    def clean_title(self):
        return "\n".join(line.strip() for line in self.cleaned_data["title"].splitlines() if line.strip())

    def clean_body(self):
        body = richtext.clean(self.cleaned_data["body"])
        if words := richtext.excess(body):
            raise forms.ValidationError(words)
        return body

    def for_submission(self) -> bool:
        """Whether it may be handed in; otherwise the errors say what is missing."""
        for field, what in self.instance.missing.items():
            if not self.has_error(field):
                self.add_error(field, what)
        return self.is_valid()

    @property
    def can_be_kept(self) -> bool:
        """Whether there is something that a row can hold: an error in one field doesn't lose the others."""
        return "unit" not in self.errors

    @property
    def is_blank(self) -> bool:
        """Whether it would begin an article of which nothing is written."""
        return (
            self.is_bound
            and not self.instance.pk
            and not (self.errors.keys() & {"title", "body"} or self.instance.flat_title)
        )

    def keep(self) -> Article:
        """Save every field that is valid, merged with what others saved meanwhile. Raises Conflict."""
        instance = self.instance
        with transaction.atomic():
            if instance.pk:
                merged = self._merged()
                for name in self.Meta.fields:
                    setattr(instance, name, _value(name, merged[name]))
                instance.updated_by = self.user
                photos.stay(instance)
                instance.save(update_fields=[*self.Meta.fields, "updated_by", "updated_at"])
                self._save_captions(merged)
            else:
                instance.unit = self.cleaned_data.get("unit") or instance.unit
                instance.updated_by = self.user
                instance.save()
            instance.note_writer(self.user)
            proofing.request(instance)
        return instance

    def _merged(self) -> merging.State:
        """What the article is to say. What the person's choices drop of either text stays among the versions."""
        theirs = Article.objects.select_for_update(of=("self",)).select_related("updated_by").get(pk=self.instance.pk)
        if not theirs.is_editable:
            raise Conflict(theirs)
        present, typed = versions.state_of(theirs), self.typed
        merged = merging.merge(self._base(), typed, present, choices_of(self.data))
        if merged.clashes:
            raise Conflict(theirs, merged.clashes)
        if "mine" in merged.chosen:
            sittings.keep_present(theirs)
        else:
            sittings.keep_last(theirs, by=self.user)
        if "theirs" in merged.chosen:
            self._add_typed_version(present | typed)
        self.taken_over = {name: self._shown(name, text) for name, text in merged.state.items() if text != typed[name]}
        return present | merged.state

    def _shown(self, name: str, text: str) -> str:
        """As it stands in the page's field."""
        return self.fields[name].prepare_value(_value(name, text)) if name in self.fields else text

    def _add_typed_version(self, state: merging.State):
        photos = self.instance.photos()
        for photo in photos:
            _take_words(photo, state)
        self.instance.add_version(by=self.user, photos=photos)

    @property
    def typed(self) -> dict[str, str]:
        """What is valid of that which was sent."""
        fields = {
            name: versions.as_text(self.cleaned_data[name]) for name in self.Meta.fields if name in self.cleaned_data
        }
        words = {
            key: str(self.data[key]).strip()[:limit]
            for name, limit in Photo.LONGEST.items()
            for key in self.data
            if key.startswith(f"{name}-")
        }
        return fields | words

    def _base(self) -> merging.State:
        """The state that the page was made from, read as what is typed; empty for a page that doesn't say."""
        try:
            sent = json.loads(self.data.get("base") or "{}")
        except ValueError:
            return {}
        if not isinstance(sent, dict):
            return {}
        form = ArticleForm(sent, instance=Article(unit_id=self.instance.unit_id), user=self.user)
        form.full_clean()
        return form.typed

    def _save_captions(self, state: merging.State):
        """Of a photo that was taken out meanwhile, too: it may come back."""
        for photo in self.instance.all_photos.all():
            if changed := _take_words(photo, state):
                photo.save(update_fields=changed)


def _value(name: str, text: str) -> str | date | None:
    """What a field of the article holds of a text that was merged."""
    return (date.fromisoformat(text) if text else None) if name == "event_on" else text


def _take_words(photo: Photo, state: merging.State) -> list[str]:
    """Give the photo what the state says of it; the names of what changed."""
    words = {name: state[f"{name}-{photo.pk}"] for name in versions.PHOTO_FIELDS if f"{name}-{photo.pk}" in state}
    changed = [name for name, text in words.items() if text != getattr(photo, name)]
    for name in changed:
        setattr(photo, name, words[name])
    return changed
