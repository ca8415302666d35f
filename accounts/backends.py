"""Sign-in by user name or e-mail address, and permissions from the table of roles."""

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import BaseBackend
from django.db.models import OuterRef, Subquery
from django_otp.plugins.otp_totp.models import TOTPDevice

from .roles import permissions_of


class RoleBackend(BaseBackend):
    def authenticate(self, request, username=None, password=None, **kwargs):
        User = get_user_model()
        if not username or password is None:
            return None
        user = User.objects.named(username)
        if user is None:
            # As long as for a known user, so that the time of the answer does not tell who exists.
            User().set_password(password)
            return None
        if user.check_password(password) and user.is_active:
            return user
        return None

    def get_user(self, user_id):
        device = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True).order_by("pk").values("pk")[:1]
        users = get_user_model().objects.select_related("unit")
        users = users.annotate(second_factor_id=Subquery(device))
        user = users.filter(pk=user_id).first()
        return user if user and user.is_active else None

    def get_all_permissions(self, user_obj, obj=None):
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if not hasattr(user_obj, "_role_permissions"):
            user_obj._role_permissions = permissions_of(user_obj.role_names)
        return user_obj._role_permissions

    def has_perm(self, user_obj, perm, obj=None):
        return perm in self.get_all_permissions(user_obj, obj)

    def has_module_perms(self, user_obj, app_label):
        return any(perm.startswith(f"{app_label}.") for perm in self.get_all_permissions(user_obj))
