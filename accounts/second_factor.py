"""The code from the phone (TOTP) that signers need at sign-in and at sign-off, and the recovery codes behind it."""

import logging
import re
import secrets
import time
import unicodedata
from base64 import b32encode
from urllib.parse import quote, urlencode

import qrcode
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_otp.oath import hotp
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from workflow import changes
from workflow.models import Change
from workflow.refusals import Refused

from . import mails
from .roles import SIGNER

logger = logging.getLogger(__name__)
SESSION_KEY = "second_factor"
RECOVERY_CODES = 8
_LETTERS = "abcdefghjkmnpqrstuvwxyz"  # without i, l and o, which are mistaken for digits


class CodeRefused(Refused):
    """The code is not right, was used, or may not be tried now; the text says what to do."""


def device_of(user) -> TOTPDevice | None:
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def owed(request) -> str:
    """What a signed-in person still has to do: "code", "set_up", or "" when nothing is left."""
    device = request.user.second_factor_id
    if device:
        return "" if request.session.get(SESSION_KEY) == device else "code"
    return "set_up" if request.user.has_role(SIGNER) else ""


def pass_session(request, device: int | None = None) -> None:
    """From now on this session has shown the code of this device (by default of the one that is set up)."""
    request.session.cycle_key()
    request.session[SESSION_KEY] = device or request.user.second_factor_id


def check(user, code: str) -> None:
    """Accept a code once, or raise CodeRefused. Call it outside a transaction, or a failed try is not counted."""
    code = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", code)).lower()
    model = TOTPDevice if code.isdecimal() else StaticDevice
    with transaction.atomic():
        device = model.objects.select_for_update().filter(user=user, confirmed=True).first()
        refusal = _refusal(device, code)
    if refusal:
        logger.warning("second factor refused for %a", user.username)
        raise CodeRefused(refusal)


def _refusal(device, code: str) -> str:
    """Why the code is not accepted; empty when it is, which uses it up."""
    if device is None:
        return _("There is no phone code set up for you yet. Set it up under “My details”.")
    is_allowed, why = device.verify_is_allowed()
    if not is_allowed:
        until = timezone.localtime(why["locked_until"])
        return _("Too many wrong codes: please try again after %(time)s.") % {"time": f"{until:%H:%M:%S}"}
    was_used = isinstance(device, TOTPDevice) and _was_used(device, code)
    if device.verify_token(code):
        return ""
    if was_used:
        return _("This code has been used already. Please wait until the phone shows a new one.")
    if isinstance(device, TOTPDevice):
        return _("The phone code is not right. Please enter the six digits that the phone shows now.")
    return _("This is neither a phone code of six digits nor a recovery code that is still good.")


def _was_used(device: TOTPDevice, code: str) -> bool:
    now = int(time.time() - device.t0) // device.step
    steps = range(now - device.tolerance, min(device.last_t, now + device.tolerance) + 1)
    return any(_code_at(device, step) == code for step in steps)


def _code_at(device: TOTPDevice, step: int) -> str:
    return f"{hotp(device.bin_key, step, device.digits):0{device.digits}}"


def present_code(device: TOTPDevice) -> str:
    """What the phone shows now, or its next code when this one was used: for the sample and its rehearsals."""
    return _code_at(device, max(int(time.time() - device.t0) // device.step, device.last_t + 1))


def begin(user) -> TOTPDevice:
    """The device that is being set up: kept until it is confirmed, so that the page may be loaded again."""
    return TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "phone"})[0]


def typed_secret(device: TOTPDevice) -> str:
    text = b32encode(device.bin_key).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def qr_code(device: TOTPDevice, issuer: str) -> dict:
    """The side and the path of an SVG picture, in modules with four of white around them."""
    secret = b32encode(device.bin_key).decode()
    label = quote(f"{issuer}:{device.user.username}")
    code = qrcode.QRCode(border=4, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': issuer}, quote_via=quote)}")
    rows = code.get_matrix()
    dots = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, is_dark in enumerate(row) if is_dark]
    return {"side": len(rows), "path": "".join(dots)}


def confirm(user, code: str) -> tuple[TOTPDevice, list[str]]:
    """Switch it on with the first code of the new device. Returns the device and the recovery codes, shown only now."""
    code = re.sub(r"\s", "", unicodedata.normalize("NFKC", code))
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=False).first()
        refusal = _refusal(device, code)
        if not refusal:
            device.confirmed = True
            device.save()
            codes = _new_recovery_codes(user)
            mails.write(mails.Kind.SECOND_FACTOR_ON, user)
            changes.record(user, Change.What.SECOND_FACTOR, by=user, note=_("switched on"))
    if refusal:
        raise CodeRefused(refusal)
    return device, codes


def _new_recovery_codes(user) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    keeper = StaticDevice.objects.create(user=user, name="recovery")
    codes = ["".join(secrets.choice(_LETTERS) for _n in range(10)) for _n in range(RECOVERY_CODES)]
    for code in codes:
        keeper.token_set.create(token=code)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def remove(user, code: str) -> None:
    """Switch it off, or make room for another phone: with a code, so that an open session is not enough."""
    check(user, code)
    with transaction.atomic():
        _delete(user)
        mails.write(mails.Kind.SECOND_FACTOR_OFF, user)
        changes.record(user, Change.What.SECOND_FACTOR, by=user, note=_("switched off"))


def reset(user, *, by) -> None:
    """An administrator's help for who lost phone and recovery codes; the person is told by mail."""
    with transaction.atomic():
        _delete(user)
        mails.write(mails.Kind.SECOND_FACTOR_RESET, user, by=by)
        changes.record(user, Change.What.SECOND_FACTOR, by=by, note=_("reset"))
    logger.warning("second factor of %a reset by %a", user.username, by.username)


def _delete(user) -> None:
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()
