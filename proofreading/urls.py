from django.urls import path

from .models import Kind
from .views import rules, trial, words

app_name = "proofreading"

urlpatterns = [
    path("", words.index, {"kind": Kind.UNITS}, name="words"),
    path("rules/", rules.index, name="rules"),
    path("rules/house/", rules.house, name="house"),
    path("rules/<slug:name>/switch/", rules.switch, name="rule_switch"),
    path("try/", trial.trial, name="trial"),
    path("end/<slug:mark>/", words.end, name="word_end"),
    path("<slug:kind>/", words.index, name="words_of"),
    path("<slug:kind>/add/", words.add, name="word_add"),
]
