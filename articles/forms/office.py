"""What the office changes of a text and says of it."""

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy

from ..dates import DateField
from ..models import Article, Kind, Photo, Reason
from ..revision import Wording
from .lists import words_of
from .writing import ArticleForm, choices_of


class RevisionForm(forms.ModelForm):
    """What the office may change of a text that was handed in.

    For each photo the page sends `caption-<photo>`, `alternative-<photo>`, `position-<photo>` and `after-<photo>` (its place
    in the text as sent) too, and as `seen` the version that it was made from.
    """

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
        return Wording(self.cleaned_data, photos, choices_of(self.data))

    @property
    def pictures(self) -> list[Photo]:
        """The photos as the page shows them: with what was typed when the form was sent."""
        photos = self.instance.photos()
        for position, photo in enumerate(photos, 1):
            photo.position = position
            for name, value in self._of(photo).items():
                setattr(photo, name, value)
        return photos

    def _of(self, photo) -> dict[str, str | int | None]:
        sent: dict[str, str | int | None] = {}
        for name in ("caption", "alternative"):
            if (text := self.data.get(f"{name}-{photo.pk}")) is not None:
                sent[name] = text.strip()[: Photo.LONGEST[name]]
        position = self.data.get(f"position-{photo.pk}", "")
        after = self.data.get(f"after-{photo.pk}")
        if after == "" or after and after.isdecimal() and len(after) < 5:
            sent["after"] = int(after) if after else None
        return sent | ({"position": int(position)} if position.isdecimal() and len(position) < 4 else {})

    @property
    def is_correction(self) -> bool:
        """Whether only the wording is corrected (文字订正). In an issue it is taken for that unless the person says otherwise."""
        return "is_correction" in self.data if self.is_bound else self.instance.is_placed

    @property
    def seen(self) -> int:
        text = self.data.get("seen", "")
        return int(text) if text.isdecimal() and len(text) < 19 else 0


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
        return words_of(self)


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

    until = DateField(required=False, is_coming=True)

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
