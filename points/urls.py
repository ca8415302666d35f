from django.urls import path

from .views import announcing, reports

app_name = "points"

urlpatterns = [
    path("", reports.index, name="report"),
    path("report.xlsx", reports.xlsx, name="report_xlsx"),
    path("figures/<slug:what>/", reports.figure, name="figure"),
    path("announcement/", announcing.draft, name="draft"),
    path("announcement/wording/", announcing.wording, name="wording"),
]
