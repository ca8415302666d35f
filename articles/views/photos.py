"""An article's photos while it is written, and the pictures themselves."""

import re

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponseBadRequest
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import photos
from ..models import Article, Photo

writers_only = permission_required("articles.write_article", raise_exception=True)


def take_in(request, article) -> tuple[int, list[str]]:
    """Store the request's photos: how many were taken, and why the others were not."""
    taken, refused = 0, []
    for upload in request.FILES.getlist("photos"):
        try:
            photos.take_in(article, upload)
            taken += 1
        except photos.PhotoRefused as refusal:
            refused.append(str(refusal))
    if taken:
        article.note_writer(request.user)
    return taken, refused


@require_POST
@writers_only
def add(request, pk):
    article = get_object_or_404(Article.objects.editable_by(request.user), pk=pk)
    taken, refused = take_in(request, article)
    return _photos(request, article, refused=refused, status=422 if refused and not taken else 200)


def picture(request, pk):
    """The picture itself, for those who may see its article."""
    found = get_object_or_404(Photo.objects.filter(pk=pk).visible_to(request.user))
    return photos.response(found)


def _own_photo(user, pk):
    return get_object_or_404(Photo.objects.filter(article__in=Article.objects.editable_by(user)), pk=pk)


@require_POST
@writers_only
def move(request, pk):
    """By one place in the `direction`, or to the place `to`."""
    moved = _own_photo(request.user, pk)
    order = [photo.pk for photo in moved.article.photos()]
    step = {"forward": -1, "back": 1}.get(request.POST.get("direction"), 0)
    to = order.index(moved.pk) + 1 + step if step and moved.pk in order else _number(request.POST.get("to", ""))
    if to is None:
        return HttpResponseBadRequest()
    said = _("Now photo %(place)s of %(count)s") % {"place": photos.move(moved, to), "count": len(order)}
    return _photos(request, moved.article, said=said)


@require_POST
@writers_only
def place(request, pk):
    """Behind the block `after` of the text; behind the last one where it is empty."""
    placed, text = _own_photo(request.user, pk), request.POST.get("after", "")
    after = _number(text)
    if text and after is None:
        return HttpResponseBadRequest()
    photos.place(placed, after)
    return _photos(request, placed.article, said=_("The photo stands there now"))


def _number(text: str) -> int | None:
    return int(text) if re.fullmatch("[0-9]{1,4}", text) else None


@require_POST
@writers_only
def remove(request, pk):
    removed = _own_photo(request.user, pk)
    removed.is_removed = True
    removed.save(update_fields=["is_removed"])
    return _photos(request, removed.article, removed=removed)


@require_POST
@writers_only
def restore(request, pk):
    restored = _own_photo(request.user, pk)
    restored.is_removed = False
    restored.save(update_fields=["is_removed"])
    return _photos(request, restored.article, said=_("The photo is back"))


def _photos(request, article, *, status=200, **context):
    """The panel of photos alone, as it is now."""
    context |= {"article": article, "pictures": article.photos()}
    return render(request, "articles/_photos.html", context, status=status)
