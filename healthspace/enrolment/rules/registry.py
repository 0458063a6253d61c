"""A line of the insurer's register: its columns, and what a person of it is (docs/registry-files.md).

Each bad line is told by field and rule. A bad identity keeps the line out; a bad contact is left empty,
so that the person is still informed by another way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from healthspace.common.errors import Invalid
from healthspace.enrolment.rules import delays, departments
from healthspace.spaces.rules import (
    DEMO_OID,
    NIA_OID,
    NIR_OID,
    PLACE,
    TEST_AUTHORITIES,
    TEST_OID,
    email_fault,
    parse_ins,
)

REQUIRED: Final = ("ins", "birth_name", "first_names", "born_on", "sex", "birth_place", "department")
OPTIONAL: Final = (
    "used_name", "used_first_name", "address", "postcode", "city", "country", "email", "phone", "card_serial",
    "parent_ins", "other_parent_ins", "attending_rpps", "language", "letter_format", "died_on", "former_ins",
    "split_from_ins",
)  # fmt: skip
COLUMNS: Final = REQUIRED + OPTIONAL
AUTHORITIES: Final = {"": NIR_OID, "nir": NIR_OID, "nia": NIA_OID, "test": TEST_OID, "demo": DEMO_OID}
LETTER_FORMATS: Final = frozenset({"", "standard", "easy", "large", "braille"})
LANGUAGES: Final = frozenset({"", "fr", "en"})
SEXES: Final = frozenset({"M", "F", "U"})
OLDEST: Final = "1890-01-01"
LONGEST_NAME, LONGEST_CITY, LONGEST_LINE, MOST_LINES = 100, 60, 60, 4
ADULT_YEARS: Final = delays.MAJORITY_YEARS
NIR_OF_15: Final = re.compile(r"[12]\d\d(?:0[1-9]|1[0-2]|[2-9]\d)(?:0[1-9]|[1-9]\d|2A|2B)\d{3}(?!000)\d{5}", re.ASCII)
PHONE: Final = re.compile(r"\+?\d{6,15}", re.ASCII)
POSTCODE: Final = re.compile(r"\d{5}", re.ASCII)
FOREIGN_POSTCODE: Final = re.compile(r"[A-Z0-9 -]{0,12}", re.ASCII)
CARD: Final = re.compile(r"\d{8,13}", re.ASCII)
RPPS: Final = re.compile(r"\d{11}", re.ASCII)
_SEPARATORS: Final = str.maketrans("", "", " -'’.")
_PHONE_SEPARATORS: Final = str.maketrans("", "", " .-()\u00a0")


class Person(NamedTuple):
    """A person of the register, every value a text in its normal form; "" is not given.

    Numbers read "OID|matricule". A tuple, because a nation has 68 million of them.
    """

    ins: str
    birth_name: str
    first_names: str
    born_on: str
    sex: str
    birth_place: str
    department: str
    used_name: str = ""
    used_first_name: str = ""
    address: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    email: str = ""
    phone: str = ""
    card_serial: str = ""
    parent_ins: str = ""
    other_parent_ins: str = ""
    attending_rpps: str = ""
    language: str = ""
    letter_format: str = ""
    died_on: str = ""
    former_ins: str = ""
    split_from_ins: str = ""


class Fault(NamedTuple):
    """What is wrong in a line: the column, or "line", and the rule; nothing of its content."""

    field: str
    rule: str


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads lines as of a day; test identities only where the installation takes them."""

    today: str
    adults_born_until: str
    takes_tests: bool

    def person(self, values: Sequence[str], faults: list[Fault]) -> Person | None:
        """The person of a line's values in the order of `COLUMNS`; None when `faults` keeps it out.

        What could be left empty instead is in `faults` as well.
        """
        taken = self._person(values, faults)
        if not faults:
            return taken
        faults.clear()
        return self._person([_tidy(value) for value in values], faults)

    def _person(self, values: Sequence[str], faults: list[Fault]) -> Person | None:
        (ins, birth_name, first_names, born_on, sex, place, department, used_name, used_first, address, postcode,
         city, country, email, phone, card, parent, other_parent, rpps, language, letter_format, died_on, former,
         split_from) = values  # fmt: skip
        ins = self.number("ins", ins, faults)
        if not (birth_name and is_name(birth_name)):
            faults.append(Fault("birth_name", "REG-NAME"))
        if not (first_names and is_name(first_names)):
            faults.append(Fault("first_names", "REG-NAME"))
        if not (is_date(born_on) and OLDEST <= born_on <= self.today):
            faults.append(Fault("born_on", "REG-DATE"))
        if sex not in SEXES:
            faults.append(Fault("sex", "REG-SEX"))
        if place and not is_place(place):
            faults.append(Fault("birth_place", "REG-PLACE"))
        if department not in departments.NAMES:
            faults.append(Fault("department", "REG-DEPARTMENT"))
        if died_on and not (is_date(died_on) and born_on <= died_on <= self.today):
            faults.append(Fault("died_on", "REG-DATE"))
        if parent or other_parent:
            parent, other_parent = self._parents(ins, born_on, parent, other_parent, faults)
        former = former and self._other(ins, "former_ins", former, faults)
        split_from = split_from and self._other(ins, "split_from_ins", split_from, faults)
        if faults and any(fault.field not in MENDABLE for fault in faults):
            return None
        return Person(
            ins, birth_name, first_names, born_on, sex, place, department,
            used_name if not used_name or is_name(used_name) else _mend("used_name", "REG-NAME", faults),
            used_first if not used_first or is_name(used_first) else _mend("used_first_name", "REG-NAME", faults),
            *_post(address, postcode, city, country, faults),
            email if not email or not email_fault(email) else _mend("email", "REG-EMAIL", faults),
            phone if not phone or PHONE.fullmatch(phone) else _phone(phone, faults),
            card if not card or CARD.fullmatch(card) else _mend("card_serial", "REG-CARD", faults),
            parent, other_parent,
            rpps if not rpps or RPPS.fullmatch(rpps) else _mend("attending_rpps", "REG-RPPS", faults),
            language if language in LANGUAGES else _mend("language", "REG-LANGUAGE", faults),
            letter_format if letter_format in LETTER_FORMATS else _mend("letter_format", "REG-FORMAT", faults),
            died_on, former, split_from,
        )  # fmt: skip

    def number(self, field: str, text: str, faults: list[Fault]) -> str:
        """ "OID|matricule" of a number as written: 15 characters, or an authority before them ("nia:3...")."""
        name, _, matricule = text.rpartition(":")
        oid = AUTHORITIES.get(name, "")
        is_open = self.takes_tests or oid not in TEST_AUTHORITIES
        if is_open and oid and NIR_OF_15.fullmatch(matricule) and _key_fits(matricule):
            return f"{oid}|{matricule}"
        if not is_open:
            return _mend(field, "INS-TEST", faults)
        try:
            found = parse_ins(matricule, oid, allow_test=self.takes_tests)
        except Invalid as fault:
            return _mend(field, fault.rule, faults)
        return f"{found.oid}|{found.matricule}"

    def _parents(self, ins: str, born_on: str, parent: str, other: str, faults: list[Fault]) -> tuple[str, str]:
        """The numbers of the parents of a minor; an adult answers alone."""
        if born_on <= self.adults_born_until:
            faults.append(Fault("parent_ins" if parent else "other_parent_ins", "REG-ADULT"))
            return "", ""
        parent = parent and self._other(ins, "parent_ins", parent, faults)
        other = other and self._other(ins, "other_parent_ins", other, faults)
        return (parent, other if other != parent else "") if parent else (other, "")

    def _other(self, ins: str, field: str, text: str, faults: list[Fault]) -> str:
        found = self.number(field, text, faults)
        return _mend(field, "REG-SELF", faults) if found and found == ins else found


MENDABLE: Final = frozenset(OPTIONAL) - {"died_on", "former_ins", "split_from_ins"}


def reader(today: date, *, takes_tests: bool) -> Reader:
    """What reads the lines of a file that is taken in today."""
    try:
        border = today.replace(year=today.year - ADULT_YEARS)
    except ValueError:
        border = today.replace(year=today.year - ADULT_YEARS, day=28)
    return Reader(today.isoformat(), border.isoformat(), takes_tests)


def _key_fits(matricule: str) -> bool:
    """The short way for nearly everybody; what does not pass is looked at whole."""
    return matricule.isdigit() and (int(matricule[:13]) + int(matricule[13:])) % 97 == 0 and matricule[13:] != "00"


def is_name(text: str) -> bool:
    """Letters of any script, with spaces, hyphens, apostrophes and points between them."""
    return (text.isalpha() or text.translate(_SEPARATORS).isalpha()) and len(text) <= LONGEST_NAME


@lru_cache(maxsize=65_536)
def is_date(text: str) -> bool:
    """A day of the calendar as "2026-03-29"."""
    if len(text) != 10:
        return False
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


@lru_cache(maxsize=65_536)
def is_place(text: str) -> bool:
    """An INSEE code: a commune, or 99 and a country."""
    return PLACE.fullmatch(text) is not None


def _post(address: str, postcode: str, city: str, country: str, faults: list[Fault]) -> tuple[str, str, str, str]:
    """The postal address, whole or not at all: half of one only makes a letter come back."""
    if not address and not city and not postcode:
        return "", "", "", ""
    if not (is_town(postcode, city, country) and address.isprintable()):
        faults.append(Fault("address", "REG-ADDRESS"))
        return "", "", "", ""
    lines = address.count("|") + 1
    if lines > MOST_LINES or (len(address) > LONGEST_LINE and max(map(len, address.split("|"))) > LONGEST_LINE):
        faults.append(Fault("address", "REG-ADDRESS"))
        return "", "", "", ""
    return address, postcode, city, country


@lru_cache(maxsize=65_536)
def is_town(postcode: str, city: str, country: str) -> bool:
    """Postcode and city, as France writes them or, with a country, as that country does."""
    form = FOREIGN_POSTCODE if country else POSTCODE
    texts = city.isprintable() and country.isprintable() and max(len(city), len(country)) <= LONGEST_CITY
    return bool(city and texts and form.fullmatch(postcode))


def _phone(text: str, faults: list[Fault]) -> str:
    digits = text.translate(_PHONE_SEPARATORS)
    return digits if PHONE.fullmatch(digits) else _mend("phone", "REG-PHONE", faults)


def _mend(field: str, rule: str, faults: list[Fault]) -> str:
    faults.append(Fault(field, rule))
    return ""


def _tidy(value: str) -> str:
    """The same value without what tools leave around and between: spaces, and letters in two parts."""
    return unicodedata.normalize("NFC", " ".join(value.split()))
