from django.urls import path

from . import reader_views, views

app_name = "distribution"

urlpatterns = [
    path("", views.MailingList.as_view(), name="list"),
    path("prepare/<int:issue_pk>/", views.prepare, name="prepare"),
    path("start/<int:issue_pk>/", views.start, name="start"),
    path("<int:pk>/", views.MailingDetail.as_view(), name="detail"),
    path("<int:pk>/progress/", views.progress_box, name="progress"),
    path("<int:pk>/pause/", views.pause, name="pause"),
    path("<int:pk>/resume/", views.resume, name="resume"),
    path("<int:pk>/letter/", views.letter, name="letter"),
    path("<int:pk>/add/", views.add, name="add"),
    path("<int:pk>/receipts/", views.ReceiptList.as_view(), name="receipts"),
    path("deliveries/<int:pk>/", views.delivery_detail, name="delivery"),
    path("deliveries/<int:pk>/readdress/", views.readdress, name="readdress"),
    path("deliveries/<int:pk>/receipt/", views.enter_receipt, name="enter_receipt"),
    path("deliveries/<int:pk>/<slug:act>/", views.act, name="act"),
    path("readers/", views.ReaderList.as_view(), name="readers"),
    path("readers/new/", views.ReaderCreate.as_view(), name="reader_new"),
    path("readers/<int:pk>/", views.ReaderUpdate.as_view(), name="reader"),
    path("download/<int:issue_pk>/", reader_views.download, name="download"),
    path("copies/<int:pk>/", reader_views.copy, name="copy"),
    path("copies/<int:pk>/pdf/", reader_views.copy_pdf, name="copy_pdf"),
    path("copies/<int:pk>/photos/<int:photo_pk>/", reader_views.copy_photo, name="copy_photo"),
    path("copies/<int:pk>/confirm/", reader_views.copy_confirm, name="copy_confirm"),
    path("r/<str:token>/", reader_views.page, name="reader_page"),
    path("r/<str:token>/pdf/", reader_views.pdf, name="reader_pdf"),
    path("r/<str:token>/photos/<int:photo_pk>/", reader_views.photo, name="reader_photo"),
    path("r/<str:token>/confirm/", reader_views.confirm, name="reader_confirm"),
    path("r/<str:token>/new-link/", reader_views.new_link, name="reader_new_link"),
]
