from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path

from accounts.views.signing_in import admin_login
from issues.urls import printed

from . import views

urlpatterns = [
    path("", views.home, name="home"),
    path("begin/", views.begin, name="begin"),
    path("log/", views.log, name="log"),
    path("log/check/", views.check_log, name="check_log"),
    path("accounts/", include("accounts.urls")),
    path("proofreading/", include("proofreading.urls")),
    path("articles/", include("articles.urls")),
    path("issues/", include("issues.urls")),
    path("v/", include(printed)),
    path("distribution/", include("distribution.urls")),
    path("points/", include("points.urls")),
    path("admin/login/", login_not_required(admin_login), name="admin_login"),
    path("admin/", admin.site.urls),
]

handler400 = "bulletin_cms.errors.bad_request"
handler403 = "bulletin_cms.errors.permission_denied"
handler404 = "bulletin_cms.errors.not_found"
handler500 = "bulletin_cms.errors.server_error"
