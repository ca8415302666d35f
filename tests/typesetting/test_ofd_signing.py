"""The place for an electronic seal: a signature that readers accept, that covers every part, and that says it has no force."""

from datetime import UTC, datetime
from functools import cache

import pytest

from tests.typesetting import ofd_engines
from tests.typesetting.printed import article, issue
from typesetting import rendering
from typesetting.ofd import checking, signing
from typesetting.ofd.package import zipped
from typesetting.ofd.reading import UnreadableOfd, unpacked

AT = datetime(2026, 3, 27, 9, 30, tzinfo=UTC)


@cache
def small():
    return ofd_engines.written(rendering.render(issue(article()), photo_bytes=bytes))


@pytest.fixture
def signed(tmp_path, settings):
    private, public = ofd_engines.key(tmp_path)
    settings.OFD_SEAL_KEY = str(private)
    return signing.signed(small(), signing.signer(), AT), public


def test_none_signs_while_no_key_is_set(settings):
    settings.OFD_SEAL_KEY = ""

    assert signing.signer() is None


def test_readers_accept_the_digests_of_every_part(signed):
    ofd, _public = signed

    passes, said = ofd_engines.passes(ofd)

    assert passes
    assert f"完整性校验通过，{len(unpacked(small()))} 个文件" in said
    assert checking.check(ofd) == []


def test_the_signature_is_that_of_the_key(signed, tmp_path):
    ofd, public = signed
    other = tmp_path / "other"
    other.mkdir()

    assert signing.is_by(ofd, public)
    assert not signing.is_by(ofd, ofd_engines.key(other)[1])


def test_it_says_that_it_has_no_legal_force(signed):
    ofd, _public = signed

    assert "技术验证，不具法律效力" in unpacked(ofd)[signing.SIGNATURE].decode()


def test_a_part_changed_afterwards_is_named(signed):
    ofd, public = signed
    parts = unpacked(ofd)
    parts["Doc_0/Document.xml"] = parts["Doc_0/Document.xml"].replace(b"0 0 210", b"0 0 211")

    faults = checking.check(zipped(parts))

    assert "“Doc_0/Document.xml”在签名之后被改动过。" in faults
    assert not ofd_engines.passes(zipped(parts))[0]


def test_a_signature_that_was_changed_is_not_that_of_the_key(signed):
    ofd, public = signed
    parts = unpacked(ofd)
    parts[signing.SIGNATURE] = parts[signing.SIGNATURE].replace(b"20260327", b"20260328")

    assert not signing.is_by(zipped(parts), public)


def test_an_unsigned_file_is_no_ones(signed):
    with pytest.raises(UnreadableOfd, match="缺少"):
        signing.is_by(small(), signed[1])


def test_it_is_signed_once(signed):
    with pytest.raises(signing.CannotSign, match="已经签过名"):
        signing.signed(signed[0], signing.signer(), AT)


def test_a_key_that_is_no_key_is_refused(settings, tmp_path):
    bad = tmp_path / "bad.pem"
    bad.write_text("no key")
    settings.OFD_SEAL_KEY = str(bad)

    with pytest.raises(signing.CannotSign, match="SM2 私钥"):
        signing.signed(small(), signing.signer(), AT)


def test_a_key_of_another_curve_is_refused(settings, tmp_path):
    settings.OFD_SEAL_KEY = str(ofd_engines.key(tmp_path, "prime256v1")[0])

    with pytest.raises(signing.CannotSign, match="SM2 私钥"):
        signing.signed(small(), signing.signer(), AT)


def test_without_openssl_nothing_is_made_or_checked(signed, monkeypatch, tmp_path):
    ofd, public = signed
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(signing.CannotSign, match="没有安装 OpenSSL"):
        signing.signed(small(), signing.signer(), AT)
    with pytest.raises(signing.CannotSign, match="没有安装 OpenSSL"):
        signing.is_by(ofd, public)
