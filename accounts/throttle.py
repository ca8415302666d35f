"""How often one may try to sign in: the names and addresses that django-axes counts, and what a locked person reads."""

from ipaddress import ip_address

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from .models import User

# An office shares one address, so that many people may err there; one name from one address may err five times.
ADDRESS_LIMIT = 50


def client_address(request) -> str | None:
    """The address that asks. X-Forwarded-For counts only behind a proxy of TRUSTED_PROXIES, read from the right."""
    address = request.META.get("REMOTE_ADDR") or None
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while address and forwarded and _is_trusted(address):
        candidate = forwarded.pop().strip()
        try:
            address = str(ip_address(candidate))
        except ValueError:
            break
    return address


def _is_trusted(address: str) -> bool:
    return any(ip_address(address) in network for network in settings.TRUSTED_PROXIES)


def account_name(request, credentials) -> str:
    """One name for an account, however it was typed, so that name and e-mail address are counted together."""
    typed = (credentials or {}).get("username") or request.POST.get("username", "")
    user = User.objects.named(typed)
    return user.username if user else typed.strip().lower()[:150]


def client_words(username, address, user_agent, path, request) -> str:
    """Who failed, for the log; `ascii` keeps what was typed on one line."""
    return f"{username!a} from {address}"


class Handler(AxesDatabaseHandler):
    """Counts a name from an address, and the address alone, with a limit ten times as high."""

    def get_failures(self, request, credentials=None) -> int:
        [of_name] = self.get_user_attempts(request, credentials)
        of_address = _recent().filter(ip_address=request.axes_ip_address)
        return max(_sum(of_name), _sum(of_address) * settings.AXES_FAILURE_LIMIT // ADDRESS_LIMIT)


def _recent():
    return AccessAttempt.objects.filter(attempt_time__gte=timezone.now() - settings.AXES_COOLOFF_TIME)


def _sum(attempts) -> int:
    return attempts.aggregate(sum=Sum("failures_since_start"))["sum"] or 0


def locked_words(request, username: str) -> str:
    """Until when, and what to do. Tries while it is locked are not counted, so the time stays as it was said."""
    attempts = _recent().filter(ip_address=client_address(request))
    of_name = attempts.filter(username=account_name(request, {"username": username}))
    rows = of_name if _sum(of_name) >= settings.AXES_FAILURE_LIMIT else attempts
    last = rows.aggregate(last=Max("attempt_time"))["last"] or timezone.now()
    until = timezone.localtime(last + settings.AXES_COOLOFF_TIME)
    return _(
        "Too many tries: please try again after %(time)s. If you forgot the password, have a link sent below; "
        "if it is urgent, ask the administrator to lift the lock."
    ) % {"time": f"{until:%H:%M}"}


def unlock(user) -> int:
    """Forget the failed tries of this person, from any address. Returns how many were forgotten."""
    rows = AccessAttempt.objects.filter(username=user.username)
    failures = _sum(rows)
    rows.delete()
    return failures
