from django.contrib.auth import middleware
from django.http import HttpResponse


class LoginRequiredMiddleware(middleware.LoginRequiredMiddleware):
    """A page leads to the sign-in; a request from a script gets 401, so that no sign-in page lands inside a panel."""

    def handle_no_permission(self, request, view_func):
        if request.htmx or request.headers.get("Sec-Fetch-Dest") == "empty":
            return HttpResponse(status=401)
        return super().handle_no_permission(request, view_func)
