from django.urls import path

from .views import approving, confirming, detail, editing, lists, photos, reasons, remarks, revising, sources, versions

app_name = "articles"

urlpatterns = [
    path("", lists.ArticleList.as_view(), name="list"),
    path("queue/", lists.Queue.as_view(), name="queue"),
    path("queue/assign/", lists.assign, name="assign"),
    path("queue/remind/", lists.remind, name="remind"),
    path("new/", editing.edit, name="create"),
    path("new/autosave/", editing.autosave, name="autosave"),
    path("import/", sources.take_in, name="import"),
    path("reasons/", reasons.index, name="reasons"),
    path("reasons/add/", reasons.add, name="reason_add"),
    path("reasons/<int:pk>/", reasons.change, name="reason"),
    path("files/<int:pk>/", sources.fetch, name="source"),
    path("files/<int:pk>/dismiss/", sources.dismiss, name="source_dismiss"),
    path("<int:pk>/", detail.detail, name="detail"),
    path("<int:pk>/edit/", editing.edit, name="edit"),
    path("<int:pk>/autosave/", editing.autosave, name="autosave"),
    path("<int:pk>/revise/", revising.revise, name="revise"),
    path("<int:pk>/remarks/", remarks.add, name="remark_add"),
    path("remarks/<int:pk>/", remarks.change, name="remark"),
    path("<int:pk>/kind/", revising.switch_kind, name="kind"),
    path("<int:pk>/versions/<int:number>/", detail.version, name="version"),
    path("<int:pk>/compare/", versions.compare, name="compare"),
    path("<int:pk>/compare.docx", versions.compare_word, name="compare_word"),
    path("<int:pk>/photos/", photos.add, name="photo_add"),
    path("<int:pk>/ask-unit/", confirming.ask, name="ask_unit"),
    path("confirmations/<int:pk>/", confirming.by_account, name="confirmation"),
    path("links/unit/<str:token>/", confirming.by_link, name="confirmation_by_link"),
    path("links/unit/<str:token>/photos/<int:pk>/", confirming.photo, name="confirmation_photo"),
    path("<int:pk>/<slug:name>/", detail.transition, name="transition"),
    path("links/approve/<str:token>/", approving.page, name="approval"),
    path("links/approve/<str:token>/photos/<int:pk>/", approving.photo, name="approval_photo"),
    path("links/approve/<str:token>/<slug:name>/", approving.decide, name="approval_decide"),
    path("photos/<int:pk>/", photos.picture, name="photo"),
    path("photos/<int:pk>/move/", photos.move, name="photo_move"),
    path("photos/<int:pk>/remove/", photos.remove, name="photo_remove"),
    path("photos/<int:pk>/restore/", photos.restore, name="photo_restore"),
]
