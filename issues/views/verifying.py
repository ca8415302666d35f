"""核验: for everybody, also without an account."""

import hashlib
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from .. import verifying
from ..papers import official


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request):
    """By the SHA-256 of a file, which the browser works out where it can, or by number and check code."""
    if request.method == "POST" and (file := request.FILES.get("file")):
        sha256 = hashlib.file_digest(file.file, "sha256").hexdigest()
        return redirect(f"{reverse('issues:verify')}?{urlencode({'sha256': sha256, 'name': file.name})}")
    sha256, code = request.GET.get("sha256", ""), request.GET.get("code", "")
    reference = request.GET.get("issue", "")[:20]
    found = verifying.of_file(sha256) if sha256 else verifying.of_code(reference, code)
    context = {
        "sha256": sha256[:64],
        "name": request.GET.get("name", "")[:100],
        "code": code[:20],
        "reference": reference,
        "is_asked": bool(sha256 or code or reference),
        "found": found,
        "sm3": official.sm3_of(found.issue) if found and found.is_official(sha256) else "",
    }
    return render(request, "issues/verify.html", context)


@login_not_required
@require_safe
def verify_printed(request, token):
    """What the code on the last page leads to."""
    found = verifying.of_token(token)
    return render(request, "issues/verify_printed.html", {"found": found}, status=200 if found else 404)
