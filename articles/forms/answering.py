"""What a unit answers when it is asked about a text."""

from django import forms
from django.utils.translation import gettext as _


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
