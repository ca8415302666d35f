from django.urls import path

from .views import announcing, by_hand, closing, ledger, reports, rules

app_name = "points"

urlpatterns = [
    path("report/", reports.index, name="report"),
    path("report/report.xlsx", reports.xlsx, name="report_xlsx"),
    path("report/figures/<slug:what>/", reports.figure, name="figure"),
    path("report/announcement/", announcing.draft, name="draft"),
    path("report/announcement/wording/", announcing.wording, name="wording"),
    path("ledger/", ledger.index, name="entries"),
    path("ledger/update/", ledger.update, name="update"),
    path("ledger/state/", ledger.state, name="ledger_state"),
    path("by-hand/", by_hand.index, name="by_hand"),
    path("by-hand/<slug:kind>/story/", by_hand.choose, name="by_hand_story"),
    path("by-hand/<slug:kind>/add/", by_hand.add, name="by_hand_add"),
    path("by-hand/<int:pk>/reverse/", by_hand.reverse, name="by_hand_reverse"),
    path("rules/", rules.index, name="rules"),
    path("rules/new/", rules.add, name="rules_add"),
    path("rules/<int:pk>/", rules.show, name="rules_show"),
    path("closing/", closing.index, name="closing"),
    path("closing/close/", closing.close, name="close"),
    path("closing/<int:pk>/", closing.show, name="closed"),
    path("closing/<int:pk>/reopen/", closing.reopen, name="reopen"),
]
