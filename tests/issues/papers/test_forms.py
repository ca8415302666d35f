"""Each form of an issue, made of its PDF and its content, is proven by what is read back from it; a changed one is not."""

import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings

from issues.papers.forms import FORMS
from issues.papers.kinds import KINDS
from tests.typesetting import contents, ofd_engines, printed
from tests.typesetting.printed import article, issue
from typesetting import rendering
from typesetting.inspection import layout_check
from typesetting.ofd import signing

LARGE = "large"  # sets the pages anew: the slowest by far


def source_of(content):
    content = replace(content, dated_on=content.dated_on or date(2026, 1, 1))
    pdf = rendering.render(content, photo_bytes=contents.photo_bytes)
    return SimpleNamespace(
        content=content,
        pdf=pdf,
        signed=SimpleNamespace(at=datetime(2026, 1, 1, tzinfo=UTC)),
        photo_bytes=contents.photo_bytes,
        stories=(*content.articles, *content.briefs),
    )


@cache
def real(name):
    return source_of(printed.real_issue(printed.bulletins_folder(), name)[0])


def test_the_table_of_the_site_and_that_of_the_worker_have_the_same_forms():
    assert set(FORMS) == set(KINDS)


@pytest.mark.parametrize("name", ["000", "003", "004"])
def test_the_forms_of_the_real_issues_are_proven(bulletins_dir, name):
    source = real(name)

    proofs = {code: form.prove(source, form.make(source)) for code, form in FORMS.items() if code != LARGE}

    assert {code: proof.fault for code, proof in proofs.items() if not proof.holds} == {}
    assert all(proof.characters > 3000 for proof in proofs.values())


def test_with_a_key_the_ofd_is_signed_and_proven_all_the_same(tmp_path, monkeypatch):
    private, public = ofd_engines.key(tmp_path)
    monkeypatch.setattr("django.conf.settings.OFD_SEAL_KEY", str(private))
    source = source_of(issue(article()))

    made = FORMS["ofd"].make(source)

    assert FORMS["ofd"].prove(source, made).holds
    assert signing.is_by(made, public)


@settings(
    max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
@given(contents.issues())
def test_the_forms_of_any_issue_are_proven(content):
    source = source_of(content)
    found = layout_check.check(source.pdf, source.content).as_dict()["findings"]
    assume(not any(finding["falsifies"] for finding in found))  # that is never signed

    faults = {code: form.prove(source, form.make(source)).fault for code, form in FORMS.items() if code != LARGE}

    assert {code: fault for code, fault in faults.items() if fault} == {}


def test_the_large_print_is_proven():
    source = source_of(printed.issue())

    assert FORMS[LARGE].prove(source, FORMS[LARGE].make(source)).holds


@cache
def small():
    return source_of(printed.issue(printed.article(paragraphs=("一辆货车在青浦停了三天。",))))


@pytest.mark.parametrize("code", [code for code in KINDS if code != LARGE])
def test_a_form_of_another_text_is_not_proven(code):
    other = source_of(printed.issue(printed.article(paragraphs=("一辆货车在青浦停了四天。",))))

    proof = FORMS[code].prove(small(), FORMS[code].make(other))

    assert not proof.holds
    assert proof.fault


def test_one_changed_byte_of_the_ofd_is_named():
    data = bytearray(FORMS["ofd"].make(small()))
    with zipfile.ZipFile(BytesIO(data)) as package:
        entry = next(each for each in package.infolist() if each.filename.endswith("Content.xml"))
    data[entry.header_offset + 30 + len(entry.filename) + entry.compress_size // 2] ^= 1

    proof = FORMS["ofd"].prove(small(), bytes(data))

    assert not proof.holds
    assert "Content.xml" in proof.fault


@pytest.mark.parametrize("code", list(KINDS))
def test_made_twice_it_is_the_same_to_the_byte(code):
    assert FORMS[code].make(small()) == FORMS[code].make(small())
