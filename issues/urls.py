from django.urls import path

from .views import amending, bulletins, desk, issues, past, preview, recipient_lists, redlines, signing

app_name = "issues"

urlpatterns = [
    path("bulletins/<int:pk>/choose/", bulletins.choose, name="choose_bulletin"),
    # the desk
    path("", issues.index, name="list"),
    path("new/", issues.create, name="create"),
    path("<int:pk>/", desk.show, name="desk"),
    path("<int:pk>/state/", desk.state, name="state"),
    path("<int:pk>/pages/", desk.pages, name="pages"),
    path("<int:pk>/pages/<slug:page_hash>.png", preview.page_picture, name="page_picture"),
    path("<int:pk>/place/", desk.place_many, name="place_many"),
    path("<int:pk>/take-out/", desk.take_out_many, name="take_out_many"),
    path("<int:pk>/articles/<int:article_pk>/place/", desk.place, name="place"),
    path("<int:pk>/articles/<int:article_pk>/take-out/", desk.take_out, name="take_out"),
    path("<int:pk>/articles/<int:article_pk>/move/", desk.move, name="move"),
    path("<int:pk>/articles/<int:article_pk>/revise/", desk.revise, name="revise"),
    path("<int:pk>/articles/<int:article_pk>/kind/", desk.switch_kind, name="kind"),
    path("<int:pk>/articles/<int:article_pk>/settle/", desk.settle, name="settle"),
    path("<int:pk>/restore-order/", desk.restore_order, name="restore_order"),
    path("<int:pk>/retry/", desk.retry, name="retry"),
    path("<int:pk>/proof.pdf", desk.proof_pdf, name="proof_pdf"),
    path("<int:pk>/transition/<slug:name>/", desk.transition, name="transition"),
    path("<int:pk>/publish/", desk.publish, name="publish"),
    path("<int:pk>/settings/", issues.settings, name="settings"),
    path("<int:pk>/history/", issues.history, name="history"),
    path("<int:pk>/discard/", issues.discard, name="discard"),
    path("<int:pk>/recipients/", issues.issue_recipients, name="recipients"),
    path("<int:pk>/recipients/update/", issues.update_recipients, name="update_recipients"),
    path("<int:pk>/pages/<slug:sha256>/<int:number>.png", past.page, name="page"),
    path("<int:pk>/photos/<int:photo_pk>/", past.photo, name="photo"),
    # the pages of an article as it is being written
    path("articles/<int:pk>/preview/", preview.article, name="article_preview"),
    path("articles/<int:pk>/preview/retry/", preview.article_retry, name="article_preview_retry"),
    path("articles/<int:pk>/redline/", redlines.of_article, name="article_redline"),
    path("redlines/<int:pk>/", redlines.show, name="redline"),
    path("redlines/<int:pk>.pdf", redlines.pdf, name="redline_pdf"),
    path("articles/<int:pk>/pages/<slug:page_hash>.png", preview.article_page_picture, name="article_page_picture"),
    # sign-off
    path("sign-offs/", signing.index, name="sign_offs"),
    path("sign-offs/<int:pk>/", signing.show, name="sign_off"),
    path("sign-offs/<int:pk>/state/", signing.state, name="sign_off_state"),
    path("sign-offs/<int:pk>/pages/", signing.pages, name="sign_off_pages"),
    path("sign-offs/<int:pk>/changes/", signing.changed, name="sign_off_changes"),
    path("sign-offs/<int:pk>/changes.docx", signing.changed_word, name="sign_off_changes_word"),
    path("sign-offs/<int:pk>/changes.pdf", signing.changed_pdf, name="sign_off_changes_pdf"),
    path("sign-offs/<int:pk>/sign/", signing.sign, name="sign"),
    path("sign-offs/<int:pk>/refuse/", signing.refuse, name="refuse"),
    path("sign-offs/<int:pk>/withdraw/", signing.withdraw, name="withdraw_sign_off"),
    # what puts an issued issue right
    path("archive/<int:pk>/amend/", amending.begin, name="amend"),
    path("amendments/<int:pk>/", amending.show, name="amendment"),
    path("amendments/<int:pk>/errata/", amending.add_erratum, name="erratum_add"),
    path("amendments/<int:pk>/reason/", amending.set_reason, name="amendment_reason"),
    path("amendments/<int:pk>/check/", amending.check, name="amendment_check"),
    path("errata/<int:pk>/remove/", amending.remove_erratum, name="erratum_remove"),
    path("<int:pk>/void/", amending.void, name="void"),
    # recipient lists
    path("recipient-lists/", recipient_lists.index, name="recipient_lists"),
    path("recipient-lists/new/", recipient_lists.create, name="recipient_list_new"),
    path("recipient-lists/compare/", recipient_lists.compare, name="compare"),
    path("recipient-lists/<int:pk>/", recipient_lists.detail, name="recipient_list"),
    path("recipient-lists/<int:pk>/edit/", recipient_lists.edit, name="recipient_list_edit"),
    path("recipient-lists/<int:pk>/delete/", recipient_lists.delete, name="recipient_list_delete"),
    # past issues
    path("archive/", past.index, name="archive"),
    path("archive/<int:pk>/", past.detail, name="detail"),
    path("archive/<int:pk>/pdf/", past.pdf, name="archive_pdf"),
    path("archive/<int:pk>/set-again/", past.set_again, name="set_again"),
]
