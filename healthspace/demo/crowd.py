"""An invented register of any size, as the insurer would deliver it: households, their addresses, their mail.

The same seed gives the same file, byte for byte. Numbers are of the test authority and have right keys.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Final

from healthspace.demo.make.numbers import rpps
from healthspace.enrolment.rules.registry import COLUMNS

_WORDS: Final = json.loads((Path(__file__).parent / "data" / "crowd.json").read_text(encoding="utf-8"))
SEPARATOR: Final = ";"
PLACES: Final = 95 * 300
DOCTORS: Final = 2000
OLDEST, ADULT = 97, 18
TODAY: Final = date(2026, 11, 1)
LINES_AT_ONCE: Final = 4096
MAIL_SHARE, CHILD_SHARE = 0.6, 0.5
FORMATS: Final = (("easy", 0.01), ("large", 0.025), ("braille", 0.026))


@dataclass(slots=True)
class Made:
    """What a file holds: lines without head and end, of them children and lines spoilt on request."""

    lines: int = 0
    children: int = 0
    with_mail: int = 0
    spoilt: int = 0


class Crowd:
    """Draws households until there are enough persons."""

    def __init__(self, departments: Sequence[str], seed: int, authority: str) -> None:
        self.random = Random(seed)  # noqa: S311 - the same seed, the same file
        self.departments = departments
        self.head = f"{authority}:" if authority else ""
        self.begin = seed * 7_919 % (PLACES * 900)
        self.taken: dict[str, int] = {}
        self.doctors = [rpps(number) for number in range(DOCTORS)]
        self.towns = {code: _towns(code, self.random) for code in departments}

    def household(self) -> Iterator[tuple[str, ...]]:
        """The lines of people under one roof: the adults, then the children of the first of them."""
        draw = self.random.random
        department = self.departments[int(draw() * len(self.departments))]
        postcode, city = self.towns[department][int(draw() * 40)]
        street = _WORDS["streets"][int(draw() * len(_WORDS["streets"]))]
        home = street.replace("#", str(1 + int(draw() * 180))), postcode, city, ""
        name = _WORDS["families"][int(draw() * len(_WORDS["families"]))]
        age = ADULT + int(draw() * (OLDEST - ADULT))
        first = self.adult(department, home, name, age)
        yield first
        second = None
        if draw() < 0.55:
            second = self.adult(department, home, name, max(ADULT, age - 6 + int(draw() * 12)))
            yield second
        if age < 55 and draw() < CHILD_SHARE:
            yield from self.children(department, home, name, first[0], second[0] if second else "", age)

    def adult(self, department: str, home: tuple[str, ...], name: str, age: int) -> tuple[str, ...]:
        """One adult; about six in ten have a mail address the insurer knows."""
        draw = self.random.random
        sex = "MF"[draw() < 0.52]
        ins, born_on, place = self.number(sex, age)
        firsts = _WORDS["men" if sex == "M" else "women"]
        one, two = firsts[int(draw() * len(firsts))], firsts[int(draw() * len(firsts))]
        mail = f"{_plain(one)}.{_plain(name)}.{ins[-9:]}@example.org" if draw() < MAIL_SHARE else ""
        phone = f"06{int(draw() * 1e8):08d}" if draw() < 0.7 else ""
        doctor = self.doctors[int(draw() * DOCTORS)] if draw() < 0.8 else ""
        card, chance = f"{int(draw() * 1e11):011d}", draw()
        letter_format = next((kind for kind, below in FORMATS if chance < below), "")
        language = "en" if draw() < 0.02 else ""
        return (ins, name, f"{one} {two}", born_on, sex, place, department, name if draw() < 0.3 else "", "", *home,
                mail, phone, card, "", "", doctor, language, letter_format, "", "", "")  # fmt: skip

    def children(
        self, department: str, home: tuple[str, ...], name: str, parent: str, other: str, age: int
    ) -> Iterator[tuple[str, ...]]:
        """One to three children of these parents; now and then twins."""
        draw = self.random.random
        born_on = ""
        for _ in range(1 + int(draw() * 2.6)):
            sex = "MF"[draw() < 0.49]
            years = int(draw() * min(ADULT - 1, max(1, age - 17)))
            is_twin = born_on and draw() < 0.03
            ins, born_on, place = self.number(sex, years, born_on if is_twin else "")
            firsts = _WORDS["men" if sex == "M" else "women"]
            one = firsts[int(draw() * len(firsts))]
            yield (ins, name, one, born_on, sex, place, department, "", "", *home,
                   "", "", "", parent, other, "", "", "", "", "", "")  # fmt: skip

    def number(self, sex: str, age: int, born_on: str = "") -> tuple[str, str, str]:
        """A number nobody else of this crowd has, the birth date and the birth place in it."""
        if not born_on:
            born_on = (TODAY - timedelta(days=age * 365 + age // 4 + int(self.random.random() * 364))).isoformat()
        head = f"{'1' if sex == 'M' else '2'}{born_on[2:4]}{born_on[5:7]}"
        count = self.taken.get(head, self.begin)
        self.taken[head] = count + 1
        place = f"{1 + count % 95:02d}{1 + count // 95 % 300:03d}"
        if place.startswith("20"):
            place = f"2A{place[2:]}"
        body = f"{head}{place}{1 + count // PLACES % 999:03d}"
        digits = int(body.replace("2A", "19") if place.startswith("2A") else body)
        return f"{self.head}{body}{97 - digits % 97:02d}", born_on, place


def people(
    persons: int, departments: Sequence[str], seed: int, *, authority: str = "test"
) -> Iterator[tuple[str, ...]]:
    """That many persons, household by household, each the values of `COLUMNS`."""
    crowd = Crowd(departments, seed, authority)
    left = persons
    while left > 0:
        for values in crowd.household():
            if left > 0:
                yield values
            left -= 1


def registry_file(
    path: Path, *, persons: int, departments: Sequence[str], seed: int, faults: float = 0.0, authority: str = "test"
) -> Made:
    """Write a CSV file of the register; `faults` is the share of lines to spoil, each in another way."""
    made, chance = Made(), Random(seed + 1)  # noqa: S311 - as above
    with path.open("wb") as file:
        file.write(f"{SEPARATOR.join(COLUMNS)}\n".encode())
        block: list[bytes] = []
        for values in people(persons, departments, seed, authority=authority):
            line = SEPARATOR.join(values).encode()
            made.children += bool(values[PARENT])
            made.with_mail += bool(values[EMAIL])
            if faults and chance.random() < faults:
                line = SPOIL[made.spoilt % len(SPOIL)](values, line)
                made.spoilt += 1
            block.append(line)
            made.lines += 1
            if len(block) == LINES_AT_ONCE:
                file.write(b"\n".join(block) + b"\n")
                block.clear()
        file.write(b"".join(line + b"\n" for line in block))
        file.write(f"END{SEPARATOR}{made.lines}\n".encode())
    return made


def _with(values: tuple[str, ...], column: str, value: str) -> bytes:
    place = COLUMNS.index(column)
    return SEPARATOR.join((*values[:place], value, *values[place + 1 :])).encode()


PARENT, EMAIL = COLUMNS.index("parent_ins"), COLUMNS.index("email")
Spoiler = Callable[[tuple[str, ...], bytes], bytes]
# Each keeps the line out; bad contacts, which do not, have tests of their own.
SPOIL: Final[tuple[Spoiler, ...]] = (
    lambda values, line: _with(values, "ins", f"nir:{values[0][-15:-1]}{(int(values[0][-1]) + 1) % 10}"),
    lambda values, line: _with(values, "born_on", "1985-02-30"),
    lambda values, line: _with(values, "birth_name", "MA\x07RTIN"),
    lambda values, line: line.rsplit(b";", 3)[0],
    lambda values, line: line.replace(b";", b";\xe9", 1),
    lambda values, line: _with(values, "sex", "X"),
    lambda values, line: _with(values, "department", "00"),
    lambda values, line: b"",
)


@cache
def _plain(name: str) -> str:
    """A name as it stands in a mail address."""
    letters = unicodedata.normalize("NFKD", name.lower())
    return "".join(letter for letter in letters if letter.isascii() and (letter.isalnum() or letter == "-"))


def _towns(code: str, random: Random) -> list[tuple[str, str]]:
    """Forty towns of a department, with postcodes that begin as theirs do."""
    start = {"2A": "20", "2B": "20", "99": "98"}.get(code, code)
    width = 5 - len(start)
    begins, ends = _WORDS["town_begins"], _WORDS["town_ends"]
    return [
        (
            f"{start}{int(random.random() * 10**width):0{width}d}",
            f"{random.choice(begins)}{random.choice(ends)}".upper(),
        )
        for _ in range(40)
    ]
