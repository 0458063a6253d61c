"""The wording of the information, the answers and the proofs: versioned, in each language, with its digest.

A version that was sent never changes; a proof names the version and the digest of what the person read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

VERSION: Final = "2026-11"
LANGUAGES: Final = ("fr", "en")

_FOLDER: Final = Path(__file__).parents[1] / "data" / "texts"


def text(name: str, language: str, version: str = VERSION) -> Mapping[str, Any]:
    """One text ("letter", "easy", "slip", "mail", "answers", "proof", "dates"): its sentences by name.

    A language we do not have is answered in French; `KeyError` for an unknown name or version.
    """
    return _read(version, spoken(language))[name]


def digest(version: str = VERSION, language: str = "fr") -> str:
    """SHA-256 (64 hexadecimal signs) over all texts of a version and language, in canonical JSON."""
    whole = {name: dict(found) for name, found in _read(version, spoken(language)).items()}
    return hashlib.sha256(json.dumps(whole, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def versions() -> tuple[str, ...]:
    """Every version ever sent, oldest first."""
    return tuple(sorted(folder.name for folder in _FOLDER.iterdir() if folder.is_dir()))


def spoken(language: str) -> str:
    """The language we write in for somebody who speaks this one ("fr-FR" is "fr"; unknown is "fr")."""
    short = language[:2].lower()
    return short if short in LANGUAGES else LANGUAGES[0]


def day(on: date, language: str, version: str = VERSION) -> str:
    """A day as people say it: "lundi 1er mars 2027", "Monday 1 March 2027"."""
    words = text("dates", language, version)
    number = words["first"] if on.day == 1 else str(on.day)
    return str(words["day"]).format(
        weekday=words["weekdays"][on.weekday()], day=number, month=words["months"][on.month - 1], year=on.year
    )


@lru_cache(maxsize=16)
def _read(version: str, language: str) -> Mapping[str, Mapping[str, Any]]:
    folder = _FOLDER / version / language
    if version not in versions():
        raise KeyError(version)
    return MappingProxyType(
        {
            path.stem: MappingProxyType(json.loads(path.read_text(encoding="utf-8")))
            for path in sorted(folder.glob("*.json"))
        }
    )
