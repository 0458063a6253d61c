"""Passwords that leaked, from a list on this machine: Django's common ones, and an operator's larger file."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from healthspace.common.errors import Unavailable


class CommonList:
    """Django's own list of 20,000."""

    def has(self, password: str) -> bool:
        """True if it is among them, whatever the case."""
        try:
            _common().validate(password)
        except ValidationError:
            return True
        return False


class HashFile:
    """A file of SHA-1 hashes in hexadecimal, one a line, in order, with or without `:count` behind.

    As "Pwned Passwords, ordered by hash" comes; looked up by halving, so its 40 GB are never read.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def has(self, password: str) -> bool:
        """True if the hash of this password has a line; Unavailable when the file cannot be read."""
        wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
        try:
            file = self._path.open("rb")
        except OSError:
            raise Unavailable("the list of leaked passwords cannot be read") from None
        with file:
            low, high = 0, file.seek(0, 2)
            while low < high:  # low: the start of a line; every line before it is smaller
                middle = (low + high) // 2
                file.seek(max(middle - 1, 0))
                if middle:
                    file.readline()
                start = file.tell()
                line = file.readline() if start < high else b""
                if not line:
                    high = middle
                elif line[:40].upper() < wanted:
                    low = file.tell()
                else:
                    high = middle
            file.seek(low)
            return file.readline()[:40].upper() == wanted


@cache
def _common() -> CommonPasswordValidator:
    return CommonPasswordValidator()
