"""What lists are narrowed by, and what is done to the articles ticked in one."""

from typing import cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Unit, User

from ..dates import DateField
from ..models import Article, Status


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


def words_of(form: forms.Form) -> str:
    """What is wrong with the form, in words."""
    return " ".join(str(message) for messages in form.errors.values() for message in messages)


class HoldForm(forms.Form):
    """Until when the ticked articles are kept for later."""

    until = DateField(label=gettext_lazy("Keep until"), required=False, is_coming=True)


class AssignForm(forms.Form):
    """To whom the ticked articles are given, and until when."""

    ME, NOBODY = "me", "nobody"

    NOBODY_CHOSEN = gettext_lazy("Choose a person.")

    to = forms.ChoiceField(
        label=gettext_lazy("Give to"), error_messages={"required": NOBODY_CHOSEN, "invalid_choice": NOBODY_CHOSEN}
    )
    due_on = DateField(label=gettext_lazy("Until"), required=False, is_coming=True)

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
