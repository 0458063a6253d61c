"""Squares summed of pictures are the library's own."""

from __future__ import annotations

import uuid

import pytest
import segno

from healthspace.enrolment.adapters import qr
from healthspace.enrolment.rules import codes

SECRET = bytes(range(32))


def test_square__is_the_very_picture_the_library_draws() -> None:
    made = qr.squares("https://sante.example.fr/start#", codes.SIGNS)
    for number in range(50):
        code = codes.derive(SECRET, uuid.UUID(int=number))
        text = b"https://sante.example.fr/start#" + code.encode()
        likely = [
            segno.make(text, error="m", mask=mask, mode="byte", boost_error=False, micro=False) for mask in range(8)
        ]
        pictures = {
            b"".join(
                int("".join(map(str, row)) + "0" * (-len(row) % 8), 2).to_bytes(made.row_bytes, "big")
                for row in drawn.matrix
            )
            for drawn in likely
        }
        assert made.bits(code) in pictures
    with pytest.raises(ValueError, match="argument"):
        made.bits("SHORT")
