from django.contrib import admin
from django.urls import include, path

from . import views

urlpatterns = [
    path("", views.home, name="home"),
    path("accounts/", include("accounts.urls")),
    path("articles/", include("articles.urls")),
    path("issues/", include("issues.urls")),
    path("distribution/", include("distribution.urls")),
    path("admin/", admin.site.urls),
]
