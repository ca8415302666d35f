from collections.abc import Set

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Tier
from articles.dates import written

from . import addressing
from .channels.webhook.post import fault_of
from .models import PrintedLine, Reader, ReaderGroup
from .planning import FURTHEST


class ConfirmForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "name", "data-required": _("Please give the name of the person who confirms.")}
        ),
        error_messages={"required": _("Please give the name of the person who confirms.")},
    )


class EnterReceiptForm(forms.Form):
    name = forms.CharField(
        label=_("Confirmed by"),
        max_length=40,
        error_messages={"required": _("Please give the name of the person who confirms.")},
    )
    on = forms.DateField(
        label=_("Day on the slip"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Please give the day on the slip."),
            "invalid": _("There is no such day. Please give it like 2026-04-08."),
        },
    )

    def __init__(self, *args, issued_on, **kwargs):
        super().__init__(*args, **kwargs)
        self.issued_on = issued_on

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on < self.issued_on:
            raise ValidationError(
                _("The issue is dated %(day)s; nobody confirmed it before.") % {"day": written(self.issued_on)}
            )
        if on > timezone.localdate():
            raise ValidationError(_("That day has not come yet."))
        return on


class AddressForm(forms.Form):
    address = forms.EmailField(
        label=_("New e-mail address"),
        error_messages={
            "required": _("Please give the new address."),
            "invalid": _("This is no complete e-mail address."),
        },
    )


class HeldForm(forms.Form):
    address = forms.EmailField(
        label=_("E-mail address"),
        error_messages={
            "required": _("Please give the address."),
            "invalid": _("This is no complete e-mail address."),
        },
    )
    note = forms.CharField(
        label=_("Why nothing is to be sent there"),
        max_length=200,
        help_text=_("For example: the office was merged, the address is given up. Shown wherever the address stands."),
        error_messages={"required": _("Please say why nothing is to be sent there.")},
    )


class ReaderForm(forms.ModelForm):
    class Meta:
        model = Reader
        fields = ["organisation", "name", "unit", "channel", "attached", "email", "user", "is_active"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["attached"].required = False  # left out, it stays as it is

    def clean_attached(self):
        return self.cleaned_data["attached"] or self.instance.attached


class SystemForm(forms.Form):
    url = forms.CharField(
        label=_("Address of the unit's system"),
        required=False,
        max_length=500,
        widget=forms.URLInput(attrs={"autocomplete": "off", "placeholder": "https://oa.example.cn/bulletin"}),
        help_text=_("From the unit's programmers. Left empty: nothing is posted there any more."),
    )
    is_used = forms.BooleanField(label=_("New issues go there, instead of by mail"), required=False)

    def clean_url(self):
        url = self.cleaned_data["url"]
        if url and (words := fault_of(url)):
            raise ValidationError(words)
        return url

    def clean(self):
        found = self.cleaned_data
        if found.get("is_used") and "url" in found and not found["url"]:
            self.add_error("url", _("Please enter the address to which issues are to go."))


class Picked(forms.ModelMultipleChoiceField):
    """Readers to tick, those that are ticked first, then those that are likely. `{% include "distribution/_picker.html" %}`
    shows them, with a box to find them by."""

    def __init__(self, **options):
        super().__init__(Reader.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, **options)

    def offer(self, ticked: set[int], likely: Set[int] = frozenset()) -> None:
        self.queryset = Reader.objects.by_tier()
        rows = sorted(self.queryset, key=lambda reader: (reader.pk not in ticked, reader.pk not in likely))
        self.rows = [reader for reader in rows if reader.is_active or reader.pk in ticked]
        self.ticked = ticked


class LineForm(forms.Form):
    """Who gets the issue for a printed line. Ticked at first: those who were said, or whose name stands in the line."""

    groups = forms.ModelMultipleChoiceField(
        ReaderGroup.objects.all(), label=_("Groups"), required=False, widget=forms.CheckboxSelectMultiple
    )
    readers = Picked(label=_("Readers"))
    not_sent = forms.CharField(
        label=_("Nothing is sent, because"),
        required=False,
        max_length=100,
        help_text=_("For example: gets its copies on paper from the office. Shown wherever the line is checked."),
    )

    def __init__(self, *args, row: PrintedLine | None, text: str, **options):
        super().__init__(*args, **options)
        likely = addressing.alike(text)
        if row:
            self.initial = {"groups": row.groups.all(), "not_sent": row.not_sent}
        kept = set(row.readers.values_list("pk", flat=True)) if row else likely
        _offer_readers(self, kept, likely)

    def clean(self):
        found = self.cleaned_data
        is_sent = bool(found.get("readers") or found.get("groups"))
        if found.get("not_sent") and is_sent:
            self.add_error("not_sent", _("Readers are ticked too. Please take away either them or this reason."))
        elif "not_sent" in found and not found["not_sent"] and not is_sent:
            self.add_error("not_sent", _("Nobody is ticked. Please tick who gets it, or say here why nothing is sent."))
        return found


class ReaderGroupForm(forms.ModelForm):
    readers = Picked(label=_("Readers"))

    class Meta:
        model = ReaderGroup
        fields = ["name", "tier", "readers"]

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        _offer_readers(self, set(self.instance.readers.values_list("pk", flat=True)) if self.instance.pk else set())


def _offer_readers(form, kept: set[int], likely: Set[int] = frozenset()) -> None:
    """Ticked are those that were sent with the form, or else those that are kept."""
    sent = {int(pk) for pk in form.data.getlist("readers") if pk.isdecimal()} if form.is_bound else kept
    form.fields["readers"].offer(sent, likely)


class ReceiptFilter(forms.Form):
    show = forms.ChoiceField(
        label=_("Receipt"),
        required=False,
        choices=[("", _("All")), ("missing", _("not confirmed yet")), ("confirmed", _("confirmed"))],
    )
    tier = forms.ChoiceField(label=_("Tier"), required=False, choices=[("", _("All")), *Tier.choices])
    q = forms.CharField(label=_("Reader"), required=False)


class StartForm(forms.Form):
    confirm_by = forms.DateField(
        label=_("To confirm by"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Readers see it on their page and in the letters. Left empty: no such day."),
        error_messages={"invalid": _("There is no such day. Please give it like 2026-04-08.")},
    )

    def clean_confirm_by(self):
        day = self.cleaned_data["confirm_by"]
        if day and day < timezone.localdate() and day != self.initial.get("confirm_by"):
            raise ValidationError(_("That day is over. Please give today or a later day."))
        return day


class DeadlineForm(StartForm):
    remind_days = forms.TypedChoiceField(
        label=_("Remind by itself"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[
            ("", _("No, only when somebody presses the button")),
            (0, _("On the day itself")),
            (1, _("The day before and on the day")),
            (2, _("Two days before and on the day")),
            (3, _("Three days before and on the day")),
            (7, _("A week before and on the day")),
        ],
        help_text=_("From nine o'clock, those who have not confirmed by then; never twice on one day."),
    )

    def clean(self):
        found = self.cleaned_data
        if found.get("remind_days") is not None and "confirm_by" in found and not found["confirm_by"]:
            self.add_error("confirm_by", _("Please give the day: without it there is none to remind before."))


class SilentFilter(forms.Form):
    tier = forms.ChoiceField(label=_("Tier"), required=False, choices=[("", _("All")), *Tier.choices])
    last = forms.TypedChoiceField(
        label=_("Of the last"),
        required=False,
        coerce=int,
        empty_value=None,
        choices=[(5, _("5 issues")), (10, _("10 issues")), (20, _("20 issues"))],
    )


class PlanForm(StartForm):
    field_order = ["start_at", "confirm_by"]
    start_at = forms.DateTimeField(
        label=_("Start at"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={
            "required": _("Please give day and time."),
            "invalid": _("There is no such time. Please give it like 2026-04-08 09:00."),
        },
    )

    def clean_start_at(self):
        start_at = self.cleaned_data["start_at"]
        if not timezone.now() < start_at <= timezone.now() + FURTHEST:
            raise ValidationError(_("Please give a time to come, within a month from now."))
        return start_at

    def clean(self):
        start_at, day = self.cleaned_data.get("start_at"), self.cleaned_data.get("confirm_by")
        if start_at and day and day < timezone.localdate(start_at):
            self.add_error("confirm_by", _("This day lies before the start. Please give a later day."))
