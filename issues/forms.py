from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from workflow.refusals import Refused

from . import assembly, numbering, recipients
from .models import LINE_LENGTH, Direction, Issue, IssueKind, RecipientList
from .past.drafts import DIRECTIONS, Draft


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class OpenIssueForm(forms.Form):
    """Begin the next issue."""

    kind = forms.ChoiceField(label=_("Kind"), choices=IssueKind.choices, initial=IssueKind.REGULAR)
    dated_on = forms.DateField(
        label=_("Planned day"),
        widget=DayInput,
        initial=timezone.localdate,
        help_text=_("The issue is dated the day on which it is signed off."),
    )

    def save(self, bulletin, *, by) -> Issue:
        return numbering.open_issue(bulletin, by=by, **self.cleaned_data)


class SettingsForm(forms.ModelForm):
    class Meta:
        model = Issue
        fields = ["dated_on", "editor_note", "has_contents", "print_run", "signer_name", "copy_number", "security"]
        widgets = {"dated_on": DayInput, "editor_note": forms.Textarea(attrs={"rows": 4})}
        labels = {
            "dated_on": _("Planned day"),
            "editor_note": _("Editor's note"),
            "has_contents": _("Print a table of contents"),
            "print_run": _("Copies printed"),
            "signer_name": _("Signer, as printed"),
            "copy_number": _("Copy number"),
            "security": _("Security class"),
        }
        help_texts = {
            "dated_on": _("Another year gives the issue that year's next number."),
            "print_run": _("Printed at the end as 共印60份. With 0 nothing is printed about it."),
            "signer_name": _("Stands beside the number as 签发人：name; leave it empty and nothing is printed."),
            "copy_number": _("Six digits, such as 000001, in the upper left corner."),
            "security": _(
                "内部, or nothing; under the copy number. An issue marked 内部 is open to its listed readers only."
            ),
        }

        error_messages = {
            "dated_on": {"required": _("Please give the planned day."), "invalid": _("There is no such day.")},
            "print_run": {
                "required": _("Please give the copies printed; 0 prints nothing about it."),
                "invalid": _("Copies printed must be a whole number; 0 prints nothing about it."),
                "min_value": _("Copies printed can't be below 0; with 0 nothing is printed about it."),
            },
        }

    def save(self, *, by) -> Issue:  # type: ignore[override]  # never without a person
        return assembly.set_up(self.instance, by=by, **self.cleaned_data)


class NewListForm(forms.Form):
    """A new version of the recipient list, valid from a day."""

    valid_from = forms.DateField(
        label=_("Valid from"),
        widget=DayInput,
        help_text=_("It begins as a copy of the list that holds on that day."),
        error_messages={
            "required": _("Please give the day from which it is valid."),
            "invalid": _("There is no such day."),
        },
    )

    def save(self, bulletin, *, by) -> RecipientList | None:
        try:
            return recipients.new_version(bulletin, self.cleaned_data["valid_from"], by=by)
        except Refused as refused:
            self.add_error("valid_from", str(refused))
            return None


class TypedLine:
    """One row of the lines form. Its key stays the same while rows move, so that the focus stays on the row."""

    def __init__(self, key: str, text: str, error: str = ""):
        self.key, self.text, self.error = key, text, error


class LinesForm:
    """The lines of a list, one text row each, per direction: `key-up` and `text-up` come as parallel lists.

    Buttons change the rows without saving (`act` is up, down, remove or add, the direction and the row's key), so
    that the page works without scripts.
    """

    def __init__(self, lines=None, data=None):
        self.is_bound = data is not None
        self.groups: dict[str, list[TypedLine]] = {}
        for direction in Direction.values:
            if data is None:
                texts = (lines or {}).get(direction, [])
                rows = [TypedLine(f"{direction}{n}", text) for n, text in enumerate(texts, 1)]
            else:
                pairs = zip(data.getlist(f"key-{direction}"), data.getlist(f"text-{direction}"), strict=False)
                rows = [TypedLine(key, text.strip()) for key, text in pairs]
            self.groups[direction] = rows
        self.moved: TypedLine | None = None

    def __iter__(self):
        for direction, label in Direction.choices:
            yield direction, label, self.groups[direction]

    @property
    def lines(self) -> dict[str, list[str]]:
        return {direction: [row.text for row in rows if row.text] for direction, rows in self.groups.items()}

    @property
    def errors(self) -> list[TypedLine]:
        return [row for rows in self.groups.values() for row in rows if row.error]

    def is_valid(self) -> bool:
        for rows in self.groups.values():
            seen = set()
            for row in rows:
                if len(row.text) > LINE_LENGTH:
                    row.error = _("Too long: at most %(number)s characters are printed.") % {"number": LINE_LENGTH}
                elif row.text and row.text in seen:
                    row.error = _("“%(text)s” stands here twice.") % {"text": row.text}
                seen.add(row.text)
        return not self.errors

    def act(self, what: str) -> None:
        """Change the rows: "up:across:across3" moves that row up, "add:across:" adds one at the end."""
        name, direction, key = (what.split(":") + ["", ""])[:3]
        rows = self.groups.get(direction)
        if rows is None:
            return
        at = next((index for index, row in enumerate(rows) if row.key == key), None)
        if name == "add":
            used = [row.key for row in rows]
            fresh = next(f"{direction}{n}" for n in range(1, len(rows) + 1000) if f"{direction}{n}" not in used)
            self.moved = TypedLine(fresh, "")
            rows.insert(len(rows) if at is None else at + 1, self.moved)
        elif at is None:
            return
        elif name == "remove":
            rows.pop(at)
            self.moved = rows[min(at, len(rows) - 1)] if rows else None
        elif name in ("up", "down"):
            self.moved = rows.pop(at)
            rows.insert(max(0, at - 1) if name == "up" else at + 1, self.moved)


class PrintedLinesField(forms.CharField):
    """A line each, without the empty ones."""

    widget = forms.Textarea(attrs={"rows": 5})

    def to_python(self, value):
        return [line.strip() for line in (value or "").splitlines() if line.strip()]

    def validate(self, value):
        if long := next((line for line in value if len(line) > LINE_LENGTH), None):
            words = gettext("The line “%(line)s…” has more than %(most)s characters.")
            raise forms.ValidationError(words % {"line": long[:10], "most": LINE_LENGTH})

    def run_validators(self, value):
        pass


class PastHeadForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), choices=IssueKind.choices)
    number = forms.IntegerField(
        label=_("Number in the year"), min_value=1, max_value=9999, required=False, localize=False
    )
    total_number = forms.IntegerField(label=_("Total number"), min_value=1, max_value=99_999, required=False)
    dated_on = forms.DateField(label=_("Date"), widget=DayInput, required=False)
    print_run = forms.IntegerField(label=_("Copies printed"), min_value=1, max_value=99_999, required=False)
    up = PrintedLinesField(label=Direction.UP.label, required=False)
    across = PrintedLinesField(label=Direction.ACROSS.label, required=False)
    down = PrintedLinesField(label=Direction.DOWN.label, required=False)

    numbers = ("number", "total_number", "print_run")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.numbers:
            wrong = gettext("Please give a whole number from 1 on.")
            self.fields[name].error_messages |= {
                "invalid": wrong,
                "min_value": wrong,
                "max_value": gettext("This number is too high."),
            }
        self.fields["dated_on"].error_messages["invalid"] = gettext("There is no such day.")


def initial_of(draft: Draft) -> dict[str, object]:
    lines = {value: "\n".join(draft["recipients"].get(key, ())) for key, value in DIRECTIONS.items()}
    names = ("kind", "number", "total_number", "dated_on", "print_run")
    return {name: draft[name] for name in names} | lines
