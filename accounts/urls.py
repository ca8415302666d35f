from django.contrib.auth import views as auth_views
from django.urls import path

from .views import notices, profile, signing_in, tables, units

app_name = "accounts"

urlpatterns = [
    path("login/", signing_in.LoginView.as_view(), name="login"),
    path("code/", signing_in.CodeView.as_view(), name="code"),
    path("second-factor/", profile.SecondFactorView.as_view(), name="second_factor"),
    path("logout/", signing_in.LogoutView.as_view(), name="logout"),
    path("profile/", profile.ProfileView.as_view(), name="profile"),
    path("units/", units.index, name="units"),
    path("units/<int:pk>/move/", units.move, name="unit_move"),
    path("tables/<slug:table>/", tables.index, name="table"),
    path("tables/<slug:table>/export/", tables.export, name="table_export"),
    path("tables/<slug:table>/template/", tables.template, name="table_template"),
    path("tables/<slug:table>/upload/", tables.upload, name="table_upload"),
    path("imports/<int:pk>/", tables.check, name="table_import"),
    path("imports/<int:pk>/store/", tables.store, name="table_store"),
    path("imports/<int:pk>/undo/", tables.undo, name="table_undo"),
    path("notices/", notices.NoticeList.as_view(), name="notices"),
    path("notices/choices/", notices.NoticeChoices.as_view(), name="notice_choices"),
    path("notices/read/", notices.read_all, name="notices_read"),
    path("notices/<int:pk>/", notices.open_notice, name="notice_open"),
    path("password/", profile.PasswordChangeView.as_view(), name="password_change"),
    path("password/reset/", signing_in.PasswordResetView.as_view(), name="password_reset"),
    path("password/reset/sent/", auth_views.PasswordResetDoneView.as_view(), name="password_reset_done"),
    path(
        "password/reset/<uidb64>/<token>/", signing_in.PasswordResetConfirmView.as_view(), name="password_reset_confirm"
    ),
    path("welcome/<str:token>/", signing_in.welcome, name="welcome"),
    path("password/reset/done/", auth_views.PasswordResetCompleteView.as_view(), name="password_reset_complete"),
]
