from django import forms
from django.contrib import admin, messages
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.forms import AdminPasswordChangeForm, BaseUserCreationForm, UsernameField
from django.contrib.auth.models import Group
from django.db import transaction
from django.forms import BaseInlineFormSet
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from workflow import changes
from workflow.models import Change

from . import mails, people, second_factor, throttle, units
from .models import Mail, RobotPost, RoleAssignment, Unit, User
from .roles import are_apart

admin.site.site_header = _("Users, units and reference tables")
admin.site.site_title = _("Administration")
admin.site.index_title = _("What would you like to change?")


# Roles take the place of groups, and nobody reads the keys of phones and recovery codes.
admin.site.unregister([Group, StaticDevice, TOTPDevice])


class RolesFormSet(BaseInlineFormSet):
    def clean(self):
        super().clean()
        kept = [form.cleaned_data for form in self.forms if form.is_valid() and not form.cleaned_data.get("DELETE")]
        if not are_apart(row["role"] for row in kept if row.get("role")):
            raise forms.ValidationError(people.APART)


class RoleInline(admin.TabularInline):
    model = RoleAssignment
    formset = RolesFormSet
    extra = 1


class UserCreationForm(BaseUserCreationForm):
    class Meta:
        model = User
        fields = ["username", "name", "email"]
        field_classes = {"username": UsernameField}


class NewPasswordForm(AdminPasswordChangeForm):
    """Another's new password; every account has one, and its owner is told."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)

    def save(self, commit=True):
        user = super().save(commit)
        mails.write(mails.Kind.PASSWORD_CHANGED, user)
        return user


class LoggedAdmin(admin.ModelAdmin):
    """What is changed here stands in the log."""

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        changes.record_form(form, by=request.user, is_new=not change)

    def delete_model(self, request, obj):
        self.delete_queryset(request, self.model._base_manager.filter(pk=obj.pk))

    def delete_queryset(self, request, queryset):
        with transaction.atomic():
            for obj in queryset:
                changes.record(obj, Change.What.REMOVED, by=request.user)
            super().delete_queryset(request, queryset)


@admin.register(User)
class UserAdmin(LoggedAdmin, auth_admin.UserAdmin):
    add_form = UserCreationForm
    change_password_form = NewPasswordForm
    actions = ["unlock", "reset_second_factor"]
    inlines = [RoleInline]
    list_display = ["username", "name", "unit", "role_labels", "email", "may_sign_in"]
    list_filter = ["roles__role", "is_active", ("email", admin.EmptyFieldListFilter), "unit"]
    list_select_related = ["unit"]
    search_fields = ["username", "name", "email", "unit__name", "unit__short_name"]
    filter_horizontal = []
    ordering = ["username"]
    autocomplete_fields = ["unit"]
    readonly_fields = ["new_password", "last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "new_password"]}),
        (_("Person"), {"fields": ["name", "unit", "mobile", "email"]}),
        (_("Access"), {"fields": ["is_active", "last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["username", "name", "unit", "email", "password1", "password2"]})]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("roles")

    def has_delete_permission(self, request, obj=None):
        """An account is switched off, never deleted: what it did stays on record under its name."""
        return False

    def save_related(self, request, form, formsets, change):
        before = set(form.instance.roles.values_list("role", flat=True))
        super().save_related(request, form, formsets, change)
        user = form.instance
        after = set(user.roles.values_list("role", flat=True))
        user.is_staff = people.is_staff(after)
        user.save(update_fields=["is_staff"])
        if before != after:
            moved = changes.moved(_("roles"), people.role_labels(before), people.role_labels(after))
            changes.record(user, Change.What.ROLES, by=request.user, note=moved)
        if change and before != after:
            mails.write_all(
                [people.roles_mail(user, user.roles.order_by("pk").values_list("role", flat=True), by=request.user)]
            )

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:
            mails.write_all([people.address_mail(obj, form.initial["email"], by=request.user)])

    def user_change_password(self, request, id, form_url=""):
        """A form of its own, which does not know who fills it in."""
        if request.method != "POST":
            return super().user_change_password(request, id, form_url)
        with transaction.atomic():
            before = User.objects.select_for_update().filter(pk=id).first() if str(id).isdecimal() else None
            response = super().user_change_password(request, id, form_url)
            if before and User.objects.get(pk=id).password != before.password:
                changes.record(before, Change.What.PASSWORD, by=request.user)
        return response

    @admin.action(description=_("Lift the lock after failed sign-ins"), permissions=["change"])
    def unlock(self, request, users):
        for user in users:
            with transaction.atomic():
                throttle.unlock(user)
                changes.record(user, Change.What.LOCK, by=request.user)
                self.log_change(request, user, gettext("Lock lifted"))
        messages.success(request, _("They may try to sign in again."))

    @admin.action(description=_("Reset the phone code (phone lost)"), permissions=["change"])
    def reset_second_factor(self, request, users):
        for user in users:
            second_factor.reset(user, by=request.user)
            self.log_change(request, user, gettext("Phone code reset"))
        messages.success(request, _("The phone codes are reset, and the people are told by mail."))

    @admin.display(description=_("may sign in"), ordering="is_active")
    def may_sign_in(self, user):
        return gettext("yes") if user.is_active else gettext("no")

    @admin.display(description=_("Password"))
    def new_password(self, user):
        """A link instead of Django's summary of the hash."""
        address = reverse("admin:auth_user_password_change", args=[user.pk])
        return format_html('<a href="{}">{}</a>', address, gettext("Set a new password"))

    @admin.display(description=_("roles"))
    def role_labels(self, user):
        return "、".join(str(role) for role in user.roles.all())


class OutgoingAdmin(admin.ModelAdmin):
    """What was sent, and what did not arrive. The rows are the worker's: they are looked at here."""

    list_filter = [("sent_at", admin.EmptyFieldListFilter)]
    ordering = ["-pk"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description=_("state"))
    def state_words(self, row):
        return row.state


@admin.register(Mail)
class MailAdmin(OutgoingAdmin):
    list_display = ["created_at", "kind", "user", "address", "state_words", "attempts", "error"]
    list_filter = ["kind", *OutgoingAdmin.list_filter]
    list_select_related = ["user"]
    search_fields = ["address", "user__username", "user__name"]


@admin.register(RobotPost)
class RobotPostAdmin(OutgoingAdmin):
    list_display = ["created_at", "robot", "text", "state_words", "attempts", "error"]
    list_filter = ["robot", *OutgoingAdmin.list_filter]


class UnitForm(forms.ModelForm):
    def clean(self):
        super().clean()
        cleaned = self.cleaned_data
        if not self.instance.pk or not {"name", "short_name"} & set(self.changed_data):
            return cleaned
        before, first_day = Unit.objects.get(pk=self.instance.pk), cleaned.get("valid_from")
        if "valid_from" in self.changed_data and first_day:
            if first_day > timezone.localdate():
                self.add_error("valid_from", _("The first day of the new name must not lie in the future."))
            elif before.valid_from and first_day <= before.valid_from:
                self.add_error(
                    "valid_from", _("The first day of the new name must come after that of the former name.")
                )
        return cleaned


@admin.register(Unit)
class UnitAdmin(LoggedAdmin):
    form = UnitForm
    list_display = ["name", "short_name", "tier", "position", "valid_from", "valid_to", "approval"]
    list_filter = ["tier", "approval"]
    search_fields = ["name", "short_name"]
    fieldsets = [
        (
            None,
            {
                "fields": ["name", "short_name", "tier", "position", "valid_from", "valid_to", "approval"],
                "description": _(
                    "When a unit in use is renamed, the new name holds from today, or from the first day entered here; "
                    "the former name is kept as a row of its own. Issues that were signed or issued stay as they are."
                ),
            },
        )
    ]

    def save_model(self, request, obj, form, change):
        former = None
        if change:
            former = units.save(obj)
            changes.record_form(form, by=request.user, is_new=False)
        else:
            super().save_model(request, obj, form, change)
        if former:
            words = _("“%(new)s” holds from %(day)s. The former name “%(old)s” is kept as a row of its own.")
            values = {"new": obj.name, "old": former.name, "day": formats.date_format(obj.valid_from)}
            messages.info(request, words % values)
