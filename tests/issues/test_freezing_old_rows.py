"""The upgrade gives what was signed and issued before it a frozen content: exact where that can be told."""

import hashlib
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from issues import proofs, setting, signing
from issues.content import content_of
from issues.models import Bulletin, FrozenContent, Issue, SignOff
from tests import factories
from typesetting.content import as_json
from workflow import frozen

pytestmark = pytest.mark.django_db

migration = import_module("issues.migrations.0007_freeze_what_was_signed")


@pytest.fixture(autouse=True)
def _without_codes(bulletin):
    """No bulletin printed a verification code then."""
    bulletin.verify_code = False
    bulletin.save()


def as_before_the_upgrade():
    """The rows as the former release left them. The constraint of 0008 wants some content on a signed issue."""
    frozen.remove(connection)
    nothing = FrozenContent.objects.create(digest="0" * 64, text="{}")
    Issue.objects.exclude(frozen=None).update(frozen=nothing)
    SignOff.objects.update(frozen=None, pdf_sha256="", report=None)
    FrozenContent.objects.exclude(pk=nothing.pk).delete()


def upgrade():
    migration.forwards(apps, None)
    frozen.install(connection)
    return SignOff.objects.get()


@pytest.mark.parametrize("make", [factories.signed_issue, factories.issued_issue])
def test_what_has_not_changed_is_frozen_exactly(make, bulletin, cast):
    issue = make(bulletin, cast)
    said = as_json(content_of(issue))
    as_before_the_upgrade()

    sign_off = upgrade()

    issue = Issue.objects.get(pk=issue.pk)
    assert sign_off.frozen.text == issue.frozen.text == said
    assert hashlib.sha256(said.encode()).hexdigest() == sign_off.digest
    assert (sign_off.pdf_sha256, sign_off.report["checked"]) == (issue.proofs.get().sha256, 1)
    assert {placement.signed_unit for placement in issue.placements.all()} == {"青浦局", "宝山局"}


def test_what_was_renamed_since_is_taken_from_the_signed_pdf(bulletin, cast):
    issue = factories.pending_issue(bulletin, cast)
    issue.proofs.all().delete()
    proof = setting.render_proof(proofs.request(issue))
    signing.sign(issue, by=cast.fang, expected_digest=proof.digest, code=factories.code_of(cast.fang))
    as_before_the_upgrade()
    Bulletin.objects.update(publisher="另一个编辑部")

    sign_off = upgrade()

    assert sign_off.frozen.digest == sign_off.digest
    assert "另一个编辑部" not in sign_off.frozen.text


def test_what_can_not_be_told_is_kept_beside_another_digest_and_named(bulletin, cast, capsys):
    issue = factories.issued_issue(bulletin, cast)
    as_before_the_upgrade()
    Bulletin.objects.update(publisher="另一个编辑部")

    sign_off = upgrade()

    assert sign_off.frozen.digest != sign_off.digest
    assert f"{issue.pk}: reconstructed" in capsys.readouterr().out


def test_measures_are_written_as_they_were_then(bulletin, cast):
    """In full: only later the nulls were left out."""
    Bulletin.objects.update(rows=20, body_size="15.50")
    issue = factories.make_issue(Bulletin.objects.get(), cast.lu, [factories.accepted(cast.lin, cast.lu)])

    text = migration.living_text(issue)

    assert '"measures": {"body_size": 15.5, "bottom_mm": null, "characters": null,' in text
    assert text.replace(
        '"body_size": 15.5, "bottom_mm": null, "characters": null, "left_mm": null, ', '"body_size": 15.5, '
    ).replace(', "top_mm": null', "") == as_json(content_of(issue))


def test_it_can_be_taken_back(bulletin, cast):
    factories.signed_issue(bulletin, cast)
    frozen.remove(connection)
    Issue.objects.update(status="draft")

    migration.backwards(apps, None)

    assert not FrozenContent.objects.exists()
