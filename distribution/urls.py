from django.urls import path

from .views import archives, mailings, reader_pages, readers

app_name = "distribution"

urlpatterns = [
    path("", mailings.MailingList.as_view(), name="list"),
    path("prepare/<int:issue_pk>/", mailings.prepare, name="prepare"),
    path("start/<int:issue_pk>/", mailings.start, name="start"),
    path("<int:pk>/", mailings.MailingDetail.as_view(), name="detail"),
    path("<int:pk>/progress/", mailings.progress_box, name="progress"),
    path("<int:pk>/pause/", mailings.pause, name="pause"),
    path("<int:pk>/resume/", mailings.resume, name="resume"),
    path("<int:pk>/letter/", mailings.letter, name="letter"),
    path("<int:pk>/add/", mailings.add, name="add"),
    path("<int:pk>/receipts/", mailings.ReceiptList.as_view(), name="receipts"),
    path("deliveries/<int:pk>/", mailings.delivery_detail, name="delivery"),
    path("deliveries/<int:pk>/readdress/", mailings.readdress, name="readdress"),
    path("deliveries/<int:pk>/receipt/", mailings.enter_receipt, name="enter_receipt"),
    path("deliveries/<int:pk>/<slug:act>/", mailings.act, name="act"),
    path("readers/", readers.ReaderList.as_view(), name="readers"),
    path("readers/new/", readers.ReaderCreate.as_view(), name="reader_new"),
    path("readers/<int:pk>/", readers.ReaderUpdate.as_view(), name="reader"),
    path("download/<int:issue_pk>/", reader_pages.download, name="download"),
    path("archive/<int:issue_pk>/", archives.show, name="archive"),
    path("archive/<int:issue_pk>/make/", archives.make, name="archive_make"),
    path("archive/packages/<int:pk>/", archives.download, name="archive_file"),
    path("archive/verifier/", archives.verifier, name="archive_verifier"),
    path("copies/<int:pk>/", reader_pages.copy, name="copy"),
    path("copies/<int:pk>/pdf/", reader_pages.copy_pdf, name="copy_pdf"),
    path("copies/<int:pk>/photos/<int:photo_pk>/", reader_pages.copy_photo, name="copy_photo"),
    path("copies/<int:pk>/confirm/", reader_pages.copy_confirm, name="copy_confirm"),
    path("r/<str:token>/", reader_pages.page, name="reader_page"),
    path("r/<str:token>/pdf/", reader_pages.pdf, name="reader_pdf"),
    path("r/<str:token>/photos/<int:photo_pk>/", reader_pages.photo, name="reader_photo"),
    path("r/<str:token>/confirm/", reader_pages.confirm, name="reader_confirm"),
    path("r/<str:token>/new-link/", reader_pages.new_link, name="reader_new_link"),
]
