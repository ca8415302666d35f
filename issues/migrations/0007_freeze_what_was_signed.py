"""Gives each signed, issued and imported issue its frozen content, as well as it can be told after the fact.

What the tables say now is exact when it still has the digest that was signed. Otherwise the source inside the signed PDF is
taken, which is exact too. Only where that is missing, the text of now is kept beside the other digest, and named here.
"""

import hashlib
import json
from datetime import date

from django.db import migrations

from typesetting.inspection import structure

SECTIONS = ("bureau", "branch", "post", "courier", "other", "brief")
MEASURES = {"characters": int, "rows": int, "body_size": float, "top_mm": float, "bottom_mm": float, "left_mm": float}


def forwards(apps, schema_editor):
    Issue, SignOff = apps.get_model("issues", "Issue"), apps.get_model("issues", "SignOff")
    for sign_off in SignOff.objects.select_related("issue__bulletin"):
        proof = sign_off.issue.proofs.filter(digest=sign_off.digest, state="ready").first()
        is_valid = sign_off.withdrawn_at is None
        text = exact_text(sign_off, proof) or (living_text(sign_off.issue) if is_valid else None)
        sign_off.frozen = frozen(apps, text) if text else None
        sign_off.pdf_sha256 = sign_off.issue.pdf_sha256 if is_valid else ""
        if proof:
            sign_off.pdf_sha256, sign_off.report = sign_off.pdf_sha256 or proof.sha256, proof.report
        sign_off.save()
        if is_valid:
            Issue.objects.filter(pk=sign_off.issue_id).update(frozen=sign_off.frozen)
            if sign_off.frozen.digest != sign_off.digest:
                print(f"\n    {sign_off.issue_id}: reconstructed, what was signed is known by its PDF alone", end="")
    for issue in Issue.objects.filter(status__in=("signed", "issued"), frozen=None).select_related("bulletin"):
        Issue.objects.filter(pk=issue.pk).update(frozen=frozen(apps, living_text(issue)))
    Placement = apps.get_model("issues", "Placement")
    for placement in Placement.objects.filter(issue__frozen__isnull=False).select_related("article__unit"):
        Placement.objects.filter(pk=placement.pk).update(signed_unit=placement.article.unit.short_name)


def backwards(apps, schema_editor):
    apps.get_model("issues", "Issue").objects.update(frozen=None)
    apps.get_model("issues", "SignOff").objects.update(frozen=None, pdf_sha256="", report=None)
    apps.get_model("issues", "Placement").objects.update(signed_unit="")
    apps.get_model("issues", "FrozenContent").objects.all().delete()


def exact_text(sign_off, proof) -> str | None:
    """The text whose digest was signed."""
    for text in (living_text(sign_off.issue), text_in(proof)):
        if text and digest(text) == sign_off.digest:
            return text
    return None


def text_in(proof) -> str | None:
    """The source inside the PDF."""
    try:
        with proof.pdf.open("rb") as file:
            source = structure.read(file.read()).source
    except (AttributeError, OSError, ValueError):  # no proof, no file, or none that can be read
        return None
    return source.decode() if source else None


def frozen(apps, text: str):
    FrozenContent = apps.get_model("issues", "FrozenContent")
    return FrozenContent.objects.get_or_create(digest=digest(text), defaults={"text": text})[0]


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


# --- the content's JSON, as it was written when these issues were signed -----------------------------------------------
def living_text(issue) -> str:
    placements = sorted(
        issue.placements.select_related("version", "article__unit"),
        key=lambda placement: (SECTIONS.index(placement.section), placement.position, placement.pk),
    )
    stories = [story(placement) for placement in placements]
    bulletin = issue.bulletin
    values = {
        "name_lines": [line.strip() for line in bulletin.name_lines.splitlines() if line.strip()],
        "publisher": bulletin.publisher,
        "kind": issue.kind,
        "year": issue.year,
        "number": issue.number,
        "total_number": issue.total_number,
        "dated_on": issue.dated_on,
        "editor_note": issue.editor_note.strip(),
        "has_contents": issue.has_contents,
        "print_run": issue.print_run,
        "layout": bulletin.layout_preset,
        "articles": [each for each in stories if each["section"] != "brief"],
        "briefs": [each for each in stories if each["section"] == "brief"],
        "report_to": lines(issue, "up"),
        "send_to": lines(issue, "across"),
        "issue_to": lines(issue, "down"),
    }
    own = {"copy_number": issue.copy_number, "security": issue.security, "signer": one_line(issue.signer_name)}
    if not issue.is_past:
        own |= {"notice": one_line(bulletin.notice), "permit_number": one_line(bulletin.permit_number)}
        own["measures"] = measures(bulletin)
    values |= {name: value for name, value in own.items() if value}
    return json.dumps(values, default=date.isoformat, ensure_ascii=False, sort_keys=True)


def one_line(text: str) -> str:
    return " ".join(text.split())


def lines(issue, direction: str) -> list[str]:
    return list(issue.recipients.filter(direction=direction).order_by("position", "pk").values_list("text", flat=True))


def measures(bulletin) -> dict | None:
    given = {name: getattr(bulletin, name) for name in MEASURES}
    return {n: MEASURES[n](v) if v else None for n, v in given.items()} if any(given.values()) else None


def story(placement) -> dict:
    version, article = placement.version, placement.article
    photos = {photo.pk: photo for photo in article.all_photos.all()}
    return {
        "article_id": article.pk,
        "title": version.title,
        "subtitle": version.subtitle,
        "unit": article.unit.name,
        "authors": version.authors,
        "body": version.body,
        "photos": [
            {
                "photo_id": entry["photo"],
                "caption": entry["caption"],
                "width": photos[entry["photo"]].width,
                "height": photos[entry["photo"]].height,
                "sha256": photos[entry["photo"]].sha256,
            }
            for entry in version.photos
        ],
        "section": placement.section,
    }


class Migration(migrations.Migration):
    dependencies = [("issues", "0006_frozen_content"), ("articles", "0004_triggers_of_the_house")]
    operations = [migrations.RunPython(forwards, backwards)]
