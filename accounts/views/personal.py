"""Pages behind a personal link: the secret in their address is all that they ask for."""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt


def by_secret(view):
    """For anybody who knows the address, which no cache, no search engine and no other site learns.

    A POST needs no CSRF token: no cookie gives it any power, only the secret in its address does. (And under
    `no-referrer` browsers send `Origin: null`, which Django's check would have to refuse.)
    """

    @login_not_required
    @csrf_exempt
    @cache_control(private=True, no_store=True)
    @wraps(view)
    def wrapper(*args, **kwargs):
        response = view(*args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return wrapper
