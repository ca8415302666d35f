"""A place for an electronic seal: a signature over the digests of all parts of an OFD (GB/T 33190-2016, chapter 18).

What stands in it here proves the technique alone and says so. A seal with legal force (GB/T 38540) takes certificates and
devices that are certified for it; such a device is another Signer.
"""

import base64
import hashlib
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from .package import ROOT, document, element, zipped
from .reading import parsed, unpacked

SM3, SM2_WITH_SM3 = "1.2.156.10197.1.401", "1.2.156.10197.1.501"  # GM/T 0006
DISTINGUISHED = "distid:1234567812345678"  # the identifier that GM/T 0009 gives to whoever has none of their own
SIGNATURES, FOLDER = "Doc_0/Signs/Signatures.xml", "Doc_0/Signs/Sign_0/"
SIGNATURE, VALUE = f"{FOLDER}Signature.xml", f"{FOLDER}SignedValue.dat"
NO_FORCE = "技术验证，不具法律效力"
SECONDS = 20


class CannotSign(Exception):
    """The key or the program refuses; the message says what to look at."""


class Signer(Protocol):
    """What signs: its name as readers show it, and the number of its method."""

    @property
    def name(self) -> str: ...
    @property
    def method(self) -> str: ...
    def sign(self, data: bytes) -> bytes: ...


@dataclass(frozen=True)
class OpensslSigner:
    """SM2 with SM3, by OpenSSL and a private key in a file."""

    key: Path
    name: str = f"bulletin_cms（{NO_FORCE}）"
    method: str = SM2_WITH_SM3

    def sign(self, data: bytes) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            file, value = Path(folder) / "data", Path(folder) / "value"
            file.write_bytes(data)
            done = _openssl("-sign", "-inkey", str(self.key), "-in", str(file), "-out", str(value))
            if done.returncode or not value.exists():
                raise CannotSign(_("OpenSSL can't sign with the key that OFD_SEAL_KEY names: is it a private SM2 key?"))
            return value.read_bytes()


def signer() -> Signer | None:
    """The one that the setting OFD_SEAL_KEY names; None when none is set."""
    return OpensslSigner(Path(settings.OFD_SEAL_KEY)) if settings.OFD_SEAL_KEY else None


def signed(ofd: bytes, by: Signer, at: datetime) -> bytes:
    """The OFD with a signature over every part, OFD.xml too; `at` has a time zone. Not the same bytes each time: an SM2
    signature has chance in it.

    Raises CannotSign, or reading.UnreadableOfd.
    """
    parts = unpacked(ofd)
    if SIGNATURES in parts:
        raise CannotSign(_("The OFD is signed already."))
    place = element("Signatures", f"/{SIGNATURES}").encode()
    parts[ROOT] = parts[ROOT].replace(b"</ofd:DocRoot>", b"</ofd:DocRoot>" + place)
    references = [
        element(
            "Reference",
            element("CheckValue", base64.b64encode(hashlib.new("sm3", data).digest()).decode()),
            FileRef=f"/{part}",
        )
        for part, data in parts.items()
    ]
    info = element(
        "SignedInfo",
        element("Provider", ProviderName=by.name),
        element("SignatureMethod", by.method),
        element("SignatureDateTime", at.astimezone(UTC).strftime("%Y%m%d%H%M%SZ")),
        element("References", *references, CheckMethod=SM3),
    )
    parts[SIGNATURE] = document("Signature", info, element("SignedValue", f"/{VALUE}")).encode()
    parts[VALUE] = by.sign(parts[SIGNATURE])
    row = element("Signature", ID="S1", Type="Sign", BaseLoc=f"/{SIGNATURE}")
    parts[SIGNATURES] = document("Signatures", row).encode()
    return zipped(parts)


def is_by(ofd: bytes, public_key: Path) -> bool:
    """Whether the signature is that of this key; what it vouches for, checking.check looks over. Raises CannotSign when it
    can't be told, and reading.UnreadableOfd when there is none."""
    parts = unpacked(ofd)
    parsed(parts, SIGNATURE)
    with tempfile.TemporaryDirectory() as folder:
        data, value = Path(folder) / "data", Path(folder) / "value"
        data.write_bytes(parts[SIGNATURE])
        value.write_bytes(parts.get(VALUE, b""))
        given = ("-verify", "-pubin", "-inkey", str(public_key), "-in", str(data), "-sigfile", str(value))
        said = _openssl(*given).stdout.decode(errors="replace")
    if "Verified Successfully" not in said and "Verification Failure" not in said:
        raise CannotSign(_("OpenSSL can't check a signature with this key: is it a public SM2 key?"))
    return "Verified Successfully" in said


def _openssl(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = ["openssl", "pkeyutl", *arguments, "-rawin", "-digest", "sm3", "-pkeyopt", DISTINGUISHED]
    try:
        return subprocess.run(command, capture_output=True, check=False, timeout=SECONDS)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise CannotSign(
            _("OpenSSL is not installed or does not answer, so no signature is made or checked.")
        ) from error
