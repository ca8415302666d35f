from django.urls import path

from .views import announcing, reports

app_name = "points"

urlpatterns = [
    path("report/", reports.index, name="report"),
    path("report/report.xlsx", reports.xlsx, name="report_xlsx"),
    path("report/figures/<slug:what>/", reports.figure, name="figure"),
    path("report/announcement/", announcing.draft, name="draft"),
    path("report/announcement/wording/", announcing.wording, name="wording"),
]
