import json
from collections.abc import Sequence
from datetime import date
from typing import cast

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Unit, User

from . import merging, photos, richtext, sittings, versions
from .dates import DateField
from .models import Article, Kind, Photo, Reason, Status
from .revision import Wording


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


def _choices(data) -> dict[str, str]:
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
        return instance

    def _merged(self) -> merging.State:
        """What the article is to say. What the person's choices drop of either text stays among the versions."""
        theirs = Article.objects.select_for_update(of=("self",)).select_related("updated_by").get(pk=self.instance.pk)
        if not theirs.is_editable:
            raise Conflict(theirs)
        present, typed = versions.state_of(theirs), self.typed
        merged = merging.merge(self._base(), typed, present, _choices(self.data))
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


class RevisionForm(forms.ModelForm):
    """What the office may change of a text that was handed in. For each photo the page sends `caption-<photo>`,
    `alternative-<photo>` and `position-<photo>` too, and as `seen` the version that it was made from."""

    body = ArticleForm.base_fields["body"]

    class Meta:
        model = Article
        fields = ["kind", "title", "subtitle", "authors", "body"]
        labels = ArticleForm.Meta.labels
        widgets = ArticleForm.Meta.widgets

    clean_title = ArticleForm.clean_title
    clean_body = ArticleForm.clean_body

    def is_valid(self):
        if super().is_valid():
            for field, what in self.instance.missing.items():
                self.add_error(field, what)
        return super().is_valid()

    @property
    def wording(self) -> Wording:
        """What the valid form asks for."""
        photos = {photo.pk: self._of(photo) for photo in self.instance.photos()}
        return Wording(self.cleaned_data, photos, _choices(self.data))

    def _of(self, photo) -> dict[str, str | int]:
        sent: dict[str, str | int] = {}
        for name in ("caption", "alternative"):
            if (text := self.data.get(f"{name}-{photo.pk}")) is not None:
                sent[name] = text.strip()[: Photo.LONGEST[name]]
        position = self.data.get(f"position-{photo.pk}", "")
        return sent | ({"position": int(position)} if position.isdecimal() and len(position) < 4 else {})

    @property
    def is_correction(self) -> bool:
        """Whether only the wording is corrected (文字订正). In an issue it is taken for that unless the person says otherwise."""
        return "is_correction" in self.data if self.is_bound else self.instance.is_placed

    @property
    def seen(self) -> int:
        text = self.data.get("seen", "")
        return int(text) if text.isdecimal() and len(text) < 19 else 0


class AnswerForm(forms.Form):
    """A unit's answer about a version: no objection, or a remark beside paragraphs (1, 2, …) or on the whole (0)."""

    AGREE, REMARK = "agree", "remark"
    LONGEST, MOST = 500, 900  # characters of a remark; fields, of which Django takes no more than 1,000

    act = forms.ChoiceField(choices=[(AGREE, AGREE), (REMARK, REMARK)])

    def __init__(self, *args, paragraphs: int, **kwargs):
        super().__init__(*args, **kwargs)
        for number in range(min(paragraphs, self.MOST) + 1):
            label = _("Remark on paragraph %(number)s") % {"number": number} if number else _("Remark on the whole")
            widget = forms.Textarea(attrs={"rows": 2})
            self.fields[f"remark-{number}"] = forms.CharField(
                label=label, max_length=self.LONGEST, required=False, widget=widget
            )

    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if cleaned.get("act") == self.AGREE and self.remarks:
            raise forms.ValidationError(_("You have written a remark. Send it, or empty its field and confirm."))
        if cleaned.get("act") == self.REMARK and not self.remarks:
            raise forms.ValidationError(_("Write beside a paragraph, or below, what you mean."))
        return cleaned

    @property
    def remarks(self) -> dict[int, str]:
        given = {name: text.strip() for name, text in self.cleaned_data.items() if name.startswith("remark-")}
        return {int(name.removeprefix("remark-")): text for name, text in given.items() if text}

    def beside(self, paragraph: int):
        """The field beside a paragraph; None where there is none: of what was taken out."""
        return self[f"remark-{paragraph}"] if paragraph and f"remark-{paragraph}" in self.fields else None

    @property
    def on_the_whole(self):
        return self["remark-0"]


class ReasonedForm(forms.Form):
    """What the office says to the unit with what it does."""

    note = forms.CharField(required=False, max_length=1000)
    reason = forms.ModelChoiceField(
        Reason.objects.none(),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("This reason is no longer in use. Please choose another one.")},
    )

    def offer(self, act: str) -> None:
        cast("forms.ModelChoiceField", self.fields["reason"]).queryset = Reason.objects.offered_for(act)

    @property
    def words(self) -> str:
        """What is wrong with the form, as one sentence."""
        return " ".join(str(message) for messages in self.errors.values() for message in messages)


class KindForm(ReasonedForm):
    """Makes a brief of the `version`, for a reason, or an article of it again, and changes nothing else."""

    kind = forms.ChoiceField(choices=Kind.choices)
    version = forms.IntegerField(min_value=0)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer(Reason.Act.BRIEF)

    def clean(self):
        super().clean()
        data = self.cleaned_data
        if data.get("kind") == Kind.BRIEF and not data.get("reason") and "reason" not in self.errors:
            self.add_error("reason", gettext_lazy("Please choose the reason from the list: the unit reads it."))
        return data

    @property
    def wording(self) -> Wording:
        data = self.cleaned_data
        return Wording({"kind": data["kind"]}, {}, exact=True, reason=data["reason"], note=data["note"])


class DecisionForm(ReasonedForm):
    """What the office says with a decision; `details` are what the act needs besides the note. Whether something is
    missing says the act."""

    until = DateField(required=False)

    DETAILS = {Article.RETURN.name: "reason", Article.DECLINE.name: "reason", Article.HOLD.name: "until"}

    def __init__(self, *args, decision: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.detail = self.DETAILS.get(decision)
        for name in {"reason", "until"} - {self.detail}:
            del self.fields[name]
        if self.detail == "reason":
            self.offer(decision)

    @property
    def details(self) -> dict:
        found = {name: self.cleaned_data[name] for name in self.fields if name != "note"}
        return {name: value for name, value in found.items() if value is not None}


class ListFilter(forms.Form):
    """What the list of a unit's own articles is narrowed by, from the address."""

    q = forms.CharField(label=gettext_lazy("Words in title or text"), required=False, max_length=100)
    status = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    sort = forms.CharField(required=False, widget=forms.HiddenInput)

    ORDERS = {
        "updated": ("-updated_at", "-pk"),
        "-updated": ("updated_at", "pk"),
        "title": ("title", "pk"),
        "-title": ("-title", "-pk"),
    }
    NOT_LISTED: tuple[Status, ...] = (Status.DISCARDED,)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        states = [choice for choice in Status.choices if choice[0] not in self.NOT_LISTED]
        cast("forms.ChoiceField", self.fields["status"]).choices = [("", _("All states")), *states]

    @property
    def wanted(self) -> dict:
        """The valid part; what can't be read narrows nothing, and its error is shown."""
        self.is_valid()
        return self.cleaned_data

    @property
    def is_narrowed(self) -> bool:
        return any(value for name, value in self.wanted.items() if name != "sort")

    @property
    def order(self) -> str:
        sort = self.wanted.get("sort", "")
        return sort if sort in self.ORDERS else "updated"

    def narrow(self, articles):
        wanted = self.wanted
        if wanted.get("status"):
            articles = articles.filter(status=wanted["status"])
        if wanted.get("q"):
            articles = articles.matching_for(self.user, wanted["q"])
        return articles.order_by(*self.ORDERS[self.order])


class UnitField(forms.ModelChoiceField):
    def label_from_instance(self, unit):
        return unit.short_name


class QueueFilter(ListFilter):
    """What the editorial office's queue is narrowed by."""

    unit = UnitField(
        label=gettext_lazy("Unit"), queryset=Unit.objects.all(), required=False, empty_label=gettext_lazy("All units")
    )
    holder = forms.ChoiceField(label=gettext_lazy("Held by"), required=False)
    since = DateField(label=gettext_lazy("Handed in from"), required=False)
    until = DateField(label=gettext_lazy("Handed in until"), required=False)

    field_order = ["q", "unit", "status", "holder", "since", "until"]
    ORDERS = {"newest": ("-submitted_at", "-pk")}
    NOT_LISTED = (Status.DISCARDED, *Article.WITHIN_UNIT)
    NOBODY = "nobody"

    def __init__(self, *args, waiting_only, **kwargs):
        self.waiting_only = waiting_only
        super().__init__(*args, **kwargs)
        if waiting_only:
            in_review = [choice for choice in Status.choices if choice[0] in Article.IN_REVIEW]
            cast("forms.ChoiceField", self.fields["status"]).choices = [("", _("All states")), *in_review]
        people = User.objects.with_permission(Article.REVIEW).order_by("name")
        editors = [(str(person.pk), str(person)) for person in people]
        choices = [("", _("Everybody")), (self.NOBODY, _("Nobody")), *editors]
        cast("forms.ChoiceField", self.fields["holder"]).choices = choices

    @property
    def order(self) -> str:
        return "newest"

    def narrow(self, articles):
        wanted = self.wanted
        if holder := wanted.get("holder"):
            articles = articles.assigned_to(None if holder == self.NOBODY else holder)
        if wanted.get("unit"):
            articles = articles.filter(unit=wanted["unit"])
        if wanted.get("since"):
            articles = articles.filter(submitted_at__date__gte=wanted["since"])
        if wanted.get("until"):
            articles = articles.filter(submitted_at__date__lte=wanted["until"])
        narrowed = super().narrow(articles)
        return narrowed.by_due_day() if self.waiting_only else narrowed


def ticked(sent) -> list[int]:
    """The keys of the articles that were ticked in the queue: each is sent as `article`."""
    return [int(key) for key in sent.getlist("article") if key.isascii() and key.isdecimal() and len(key) < 19]


class HoldForm(forms.Form):
    """Until when the ticked articles are kept for later."""

    until = DateField(label=gettext_lazy("Keep until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))


class AssignForm(forms.Form):
    """To whom the ticked articles are given, and until when."""

    ME, NOBODY = "me", "nobody"

    to = forms.ChoiceField(label=gettext_lazy("Give to"))
    due_on = forms.DateField(
        label=gettext_lazy("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.editors = {
            str(person.pk): person for person in User.objects.with_permission(Article.REVIEW).order_by("name")
        }
        names = [(key, str(person)) for key, person in self.editors.items()]
        choices = [(self.ME, _("me")), *names, (self.NOBODY, _("nobody: back to everybody"))]
        cast("forms.ChoiceField", self.fields["to"]).choices = choices

    def to_of(self, user) -> User | None:
        """Whom the valid form names, when this person has sent it."""
        chosen = self.cleaned_data["to"]
        return user if chosen == self.ME else self.editors.get(chosen)
