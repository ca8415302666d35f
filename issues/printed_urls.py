"""Addresses that stand on paper: short, so that their code stays coarse, and never another, since no paper changes."""

from django.urls import path

from .views import verifying

app_name = "printed"

urlpatterns = [path("<slug:token>/", verifying.verify_printed, name="verify")]
