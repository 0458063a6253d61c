"""Who a space is about: the INS, the strict traits (domain 1.2, national identity-vigilance referential)."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from healthspace.common.errors import Invalid

NIR_OID: Final = "1.2.250.1.213.1.4.8"
NIA_OID: Final = "1.2.250.1.213.1.4.9"
TEST_OID: Final = "1.2.250.1.213.1.4.10"
DEMO_OID: Final = "1.2.250.1.213.1.4.11"
AUTHORITIES: Final = frozenset({NIR_OID, NIA_OID, TEST_OID, DEMO_OID})
TEST_AUTHORITIES: Final = frozenset({TEST_OID, DEMO_OID})

_MONTH: Final = r"(?:0[1-9]|1[0-2]|[2-9]\d)"
_DEPARTMENT: Final = r"(?:0[1-9]|[1-9]\d|2A|2B)"
NIR: Final = re.compile(rf"[12]\d\d{_MONTH}{_DEPARTMENT}\d{{3}}(?!000)\d{{3}}", re.ASCII)
WAITING: Final = re.compile(r"[3478]\d{12}", re.ASCII)
FOREIGN: Final = re.compile(r"[56][12]\d{11}", re.ASCII)
KEY: Final = re.compile(r"\d\d", re.ASCII)
PLACE: Final = re.compile(r"\d{5}|2[AB]\d{3}", re.ASCII)
EMAIL: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?",
    re.ASCII,
)
LONGEST_EMAIL: Final = 254

Sex = Literal["M", "F", "U"]
IdentityStatus = Literal["provisional", "retrieved", "validated", "qualified"]
IDENTITY_STATUSES: Final[tuple[IdentityStatus, ...]] = ("provisional", "retrieved", "validated", "qualified")


@dataclass(frozen=True, slots=True)
class Ins:
    """A national health identity: 15 characters (13 and their key) and the authority that gave it."""

    matricule: str
    oid: str


@dataclass(frozen=True, slots=True)
class Traits:
    """The five strict traits; `birth_place` is an INSEE code (commune, or 99 and country), "" if unknown."""

    birth_name: str
    first_names: tuple[str, ...]
    born_on: date
    sex: Sex
    birth_place: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a space is about, as it is sealed; e-mail and phone are the holder's own, "" if not given."""

    ins: Ins
    traits: Traits
    used_name: str = ""
    used_first_name: str = ""
    status: IdentityStatus = "qualified"
    email: str = ""
    phone: str = ""

    @property
    def name(self) -> str:
        """First and family name as used, else as at birth."""
        first = self.used_first_name or (self.traits.first_names[0] if self.traits.first_names else "")
        return f"{first} {self.used_name or self.traits.birth_name}".strip()


def nir_key(thirteen: str) -> str:
    """The two control digits of 13 characters: 97 - n mod 97, with 2A read as 19 and 2B as 18."""
    department = {"2A": "19", "2B": "18"}.get(thirteen[5:7], thirteen[5:7])
    return f"{97 - int(thirteen[:5] + department + thirteen[7:]) % 97:02d}"


def form_of(thirteen: str) -> str:
    """Its kind: "nir", "waiting" (NIA, NNP: 3, 4, 7, 8), "foreign" (MIG: 5, 6), or "" for none."""
    if NIR.fullmatch(thirteen):
        return "nir"
    if WAITING.fullmatch(thirteen):
        return "waiting"
    return "foreign" if FOREIGN.fullmatch(thirteen) else ""


def parse_ins(matricule: str, oid: str, *, allow_test: bool = False) -> Ins:
    """The INS of a matricule as written anywhere (spaces allowed); Invalid says what is wrong.

    A wrong key is never used (EX_GEN-1270), save under the test and demonstration authorities with
    `allow_test`: most published test identities have one. A NIR may stand for a waiting number.
    """
    text = "".join(matricule.split()).upper()
    oid = oid.strip().removeprefix("urn:oid:")
    if oid not in AUTHORITIES:
        raise Invalid(
            "ins", "INS-OID", "This authority does not give health identities.", f"Give the OID {NIR_OID} or {NIA_OID}."
        )
    allowed = {"nir"} if oid == NIR_OID else {"nir", "waiting", "foreign"}
    if len(text) != 15 or form_of(text[:13]) not in allowed or not KEY.fullmatch(text[13:]):
        raise Invalid(
            "ins", "INS-FORM", "This health identity number is not well formed.", "Give its 13 characters and 2 digits."
        )
    if text[13:] != nir_key(text[:13]) and not (allow_test and oid in TEST_AUTHORITIES):
        raise Invalid("ins", "INS-KEY", "The key of this health identity number is wrong.", "Read the number again.")
    return Ins(text, oid)


def traits_differ(known: Traits, claimed: Traits) -> tuple[str, ...]:
    """Names of the strict traits that contradict each other; () lets a document through (ID-1).

    Case, accents, hyphens, apostrophes and spaces do not count. One list of first names may be the
    beginning of the other, at whole names. A sex "U" and a birth place that is empty or no INSEE code
    say nothing, so they contradict nothing; all the rest must be equal. Never used to find a person.
    """
    differing = []
    if _letters(known.birth_name) != _letters(claimed.birth_name):
        differing.append("birth_name")
    if not _one_begins_other(known.first_names, claimed.first_names):
        differing.append("first_names")
    if known.born_on != claimed.born_on:
        differing.append("born_on")
    if "U" not in {known.sex, claimed.sex} and known.sex != claimed.sex:
        differing.append("sex")
    places = {known.birth_place.strip().upper(), claimed.birth_place.strip().upper()}
    if len(places) == 2 and all(PLACE.fullmatch(place) for place in places):
        differing.append("birth_place")
    return tuple(differing)


def _letters(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.upper().replace("Œ", "OE").replace("Æ", "AE"))
    return "".join(c for c in plain if c.isalnum())


def _one_begins_other(known: tuple[str, ...], claimed: tuple[str, ...]) -> bool:
    """Whole lists as one run of letters: "Jean Pierre" is "Jean-Pierre", but "Jean" is not."""
    mine, theirs = _runs(known), _runs(claimed)
    if not mine or not theirs:
        return False
    return mine[-1] in theirs or theirs[-1] in mine


def _runs(names: tuple[str, ...]) -> list[str]:
    runs: list[str] = []
    for name in " ".join(names).split():
        letters = _letters(name)
        if letters:
            runs.append((runs[-1] if runs else "") + letters)
    return runs


def email_fault(address: str) -> str:
    """Why this is not exactly one plain mail address ("form", "long"), or "" (T53).

    No display name, no list, no quoting, no control character: only the common form of an addr-spec.
    """
    if len(address) > LONGEST_EMAIL:
        return "long"
    return "" if EMAIL.fullmatch(address) else "form"
