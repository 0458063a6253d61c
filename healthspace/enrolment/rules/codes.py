"""Provisional codes (ENR-4): 12 signs of Crockford's base 32, made from a secret of the batch.

60 bits each. The plain code is stored nowhere: the batch's secret makes it again for the printer and is
forgotten after the deadline.
"""

from __future__ import annotations

import hmac
import json
import re
from pathlib import Path
from typing import Final
from uuid import UUID

from healthspace.common.errors import Invalid

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SIGNS: Final = 12
SECRET_BYTES: Final = 32
LONGEST_INPUT: Final = 64

_PAIRS: Final = tuple(first + second for first in ALPHABET for second in ALPHABET)
_SPACES: Final = re.compile(r"[\s\-\u00a0\u00ad\u200b\u2010-\u2015\u202f\u2060\u2212._]+")
_CODE: Final = re.compile(f"[{ALPHABET}]{{{SIGNS}}}", re.ASCII)
_READ_AS: Final = str.maketrans("OoIiLl", "001111")
# As the eye reads them: a figure for the letter it looks like, V for U, and I for L.
_SEEN_AS: Final = str.maketrans("01345678VL", "OIEASGTBUI")


def _seen(word: str) -> str:
    return word.upper().translate(_SEEN_AS)


def _offence() -> re.Pattern[str]:
    read = json.loads((Path(__file__).parents[1] / "data" / "offence.json").read_text(encoding="utf-8"))
    return re.compile("|".join(sorted({re.escape(_seen(word)) for word in read["words"]})))


_OFFENCE: Final = _offence()


def derive(secret: bytes, person_id: UUID, generation: int = 0) -> str:
    """The 12 signs of this person's code in a batch; the same for the same secret, person and generation.

    HMAC-SHA256 (RFC 2104), its first 60 bits; signs that show a word that offends are skipped by a counter.
    """
    message = person_id.bytes + generation.to_bytes(4, "big")
    for counter in range(1 << 16):
        code = _signs(hmac.digest(secret, message + counter.to_bytes(2, "big"), "sha256"))
        if not offends(code):
            return code
    raise AssertionError("unreachable: fewer than one code in a hundred is skipped")


def _signs(digest: bytes) -> str:
    bits = int.from_bytes(digest[:8], "big") >> 4
    return (
        _PAIRS[bits >> 50] + _PAIRS[bits >> 40 & 1023] + _PAIRS[bits >> 30 & 1023]
        + _PAIRS[bits >> 20 & 1023] + _PAIRS[bits >> 10 & 1023] + _PAIRS[bits & 1023]
    )  # fmt: skip


def offends(code: str) -> bool:
    """True if somebody could read a word of `data/offence.json` in these signs."""
    return _OFFENCE.search(code.translate(_SEEN_AS)) is not None


def normalise(text: str) -> str:
    """The 12 signs a person typed, whatever the case, spaces, hyphens, O for 0, I or L for 1.

    `Invalid("code", "ENR-4")` for anything else: 11 signs, a U, an accent.
    """
    code = _SPACES.sub("", text[:LONGEST_INPUT]).translate(_READ_AS)
    code = code.upper() if code.isascii() else code
    if len(text) > LONGEST_INPUT or not _CODE.fullmatch(code):
        raise Invalid(
            "code",
            "ENR-4",
            "A code has 12 signs, in three groups of four.",
            "Copy the code of the letter again, group by group.",
        )
    return code


def shown(code: str) -> str:
    """The code as people see it: XXXX-XXXX-XXXX."""
    return f"{code[:4]}-{code[4:8]}-{code[8:]}"


def spelled(code: str) -> str:
    """The code to be read aloud or by fingers: groups apart, signs apart."""
    return ", ".join(" ".join(code[start : start + 4]) for start in (0, 4, 8))


def hashed(person_id: UUID, code: str) -> str:
    """What `vault.find_key("code", ...)` is asked for: the code bound to its person."""
    return f"{person_id}|{code}"
