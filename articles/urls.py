from django.urls import path

from . import views, writing

app_name = "articles"

urlpatterns = [
    path("", views.ArticleList.as_view(), name="list"),
    path("queue/", views.Queue.as_view(), name="queue"),
    path("new/", writing.edit, name="create"),
    path("new/autosave/", writing.autosave, name="autosave"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/edit/", writing.edit, name="edit"),
    path("<int:pk>/autosave/", writing.autosave, name="autosave"),
    path("<int:pk>/versions/<int:number>/", views.version, name="version"),
    path("<int:pk>/photos/", writing.photo_add, name="photo_add"),
    path("<int:pk>/<slug:name>/", views.transition, name="transition"),
    path("photos/<int:pk>/", writing.photo, name="photo"),
    path("photos/<int:pk>/move/", writing.photo_move, name="photo_move"),
    path("photos/<int:pk>/remove/", writing.photo_remove, name="photo_remove"),
    path("photos/<int:pk>/restore/", writing.photo_restore, name="photo_restore"),
]
