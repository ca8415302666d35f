"""What the pages of words and rules ask for."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .asked import ASKED, COMMA_KINDS, NEEDED, lacks
from .models import HouseStyle, Kind, Word
from .tables import SEPARATOR, Entry

DAY: dict[str, Any] = {
    "widget": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    "error_messages": {"invalid": _("There is no such day. Please give it like 2026-04-08.")},
}
LONGEST_TRIAL = 10_000


class WordForm(forms.ModelForm):
    since = forms.DateField(label=_("Valid from"), required=False, **DAY)
    until = forms.DateField(label=_("Valid to"), required=False, **DAY)

    class Meta:
        model = Word
        fields = ["name", "other", "wrong", "near", "unless", "extra", "since", "until", "becomes", "source"]

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        asked = {name: (label, hint) for name, label, hint in ASKED[kind]}
        for name in ("name", "other", "wrong", "near", "unless", "extra", "becomes"):
            if name not in asked:
                del self.fields[name]
                continue
            self.fields[name].label, self.fields[name].help_text = asked[name]
        if kind in NEEDED:
            self.fields[NEEDED[kind]].required = True
        self.fields["source"].label = _("Source")
        self.fields["source"].help_text = _("The document, standard or dictionary that says so.")

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        since, until = values.get("since"), values.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day must not lie before the first day."))
        for name, words in lacks(self.kind, values):
            if name not in self.errors:
                self.add_error(name, words)
        return values

    @property
    def entry(self) -> Entry:
        """What was entered; 、 separates where no part can hold one."""
        texts = {name: self.cleaned_data.get(name) or "" for name in self.fields if name not in ("since", "until")}
        if self.kind in COMMA_KINDS:
            for name in {"other", "wrong"} & texts.keys() - ({"other"} if self.kind == Kind.PERSONS else set()):
                texts[name] = texts[name].replace("、", SEPARATOR)
        return Entry(self.kind, since=self.cleaned_data["since"], until=self.cleaned_data["until"], **texts)


class EndForm(forms.Form):
    until = forms.DateField(label=_("Last day"), **DAY)
    becomes = forms.CharField(label=_("What stands in its place afterwards"), max_length=100, required=False)


class HouseForm(forms.ModelForm):
    functions_since = forms.DateField(label=_("Leading persons by their function since"), required=False, **DAY)

    class Meta:
        model = HouseStyle
        fields = ["longest_article", "longest_brief", "functions_since", "asks_for_next_steps"]


class TrialForm(forms.Form):
    text = forms.CharField(
        label=_("Text"),
        max_length=LONGEST_TRIAL,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("The first line is the title. At most 10,000 characters; nothing is stored."),
    )
    as_of = forms.DateField(label=_("As of the day"), initial=timezone.localdate, **DAY)
