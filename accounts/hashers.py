"""Argon2 takes 100 MB and a core for each password, so a process hashes at most two at once."""

import threading
from contextlib import contextmanager

from django.contrib.auth.hashers import Argon2PasswordHasher

AT_ONCE = 2
WAIT_SECONDS = 5
_slots = threading.BoundedSemaphore(AT_ONCE)


class TooManyAtOnce(Exception):
    """No slot became free in time; the person should try again in a moment."""


@contextmanager
def _slot():
    if not _slots.acquire(timeout=WAIT_SECONDS):
        raise TooManyAtOnce
    try:
        yield
    finally:
        _slots.release()


class LimitedArgon2PasswordHasher(Argon2PasswordHasher):
    def encode(self, password, salt):
        with _slot():
            return super().encode(password, salt)

    def verify(self, password, encoded):
        with _slot():
            return super().verify(password, encoded)
