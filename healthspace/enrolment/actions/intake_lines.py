"""A part of a register file while it is taken in: its lines, what is counted, and who else they name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol
from uuid import UUID

from healthspace.common import clock
from healthspace.enrolment.rules.registry import Fault, Person, Reader
from healthspace.vault import reads as vault


class Line(NamedTuple):
    """A person of a line, with the keys it is found by and seen to be changed by."""

    number: int
    person: Person
    find_key: bytes
    row_key: bytes


@dataclass(frozen=True, slots=True)
class Around:
    """Who else the lines name: persons by find key, doctors by RPPS."""

    persons: dict[bytes, UUID]
    doctors: dict[str, UUID]
    find: Callable[[bytes], bytes]

    def parent(self, ins: str) -> bytes | None:
        """The person of a parent's number, if known."""
        found = self.persons.get(self.find(ins.encode())) if ins else None
        return found.bytes if found else None

    def doctor(self, rpps: str) -> bytes | None:
        """The attending doctor, if the directory knows them."""
        found = self.doctors.get(rpps) if rpps else None
        return found.bytes if found else None


class Keys:
    """The keyed hashes of one piece of work."""

    def __init__(self) -> None:
        self.ins, self.row, self.born, self.card = (vault.finder(name) for name in ("ins", "row", "born", "card"))

    def of(self, line: Line, person_id: str) -> tuple[bytes, bytes, bytes, bytes | None]:
        """Find, row, born and card key of a line."""
        person = line.person
        born = self.born(f"{person_id}|{person.born_on}".encode())[:16]
        card = self.card(f"{person_id}|{person.card_serial}".encode())[:16] if person.card_serial else None
        return line.find_key, line.row_key, born, card


class Row(Protocol):
    """A line of a file, whatever its form."""

    @property
    def line(self) -> int:
        """Its number."""

    @property
    def values(self) -> list[str]:
        """In the order of `COLUMNS`."""

    @property
    def fault(self) -> Fault | None:
        """What is wrong with the line itself."""


class Part:
    """The people of a part, told apart by what is known of them."""

    def __init__(self, intake_id: int, rows: Iterable[Row], reader: Reader) -> None:
        self.intake_id = intake_id
        self.counts: Counter[str] = Counter()
        self.faults: list[tuple[int, str, str]] = []
        self.find, self.row = vault.finder("ins"), vault.finder("row")
        self.lines = list(self._read(rows, reader))
        self.at = clock.now()

    def _read(self, rows: Iterable[Row], reader: Reader) -> Iterator[Line]:
        """The lines that hold a person; a number that stands twice counts at its first line (REG-TWICE)."""
        seen: set[bytes] = set()
        found: list[Fault] = []
        for row in rows:
            self.counts["lines"] += 1
            person = None if row.fault else reader.person(row.values, found)
            if row.fault or found:
                self.tell(row.line, [row.fault] if row.fault else found)
                found.clear()
                self.counts["mended" if person else "refused"] += 1
            if person is None:
                continue
            find_key = self.find(person.ins.encode())
            if find_key in seen:
                self.twice(row.line)
                continue
            seen.add(find_key)
            yield Line(row.line, person, find_key, self.row(person.canonical.encode())[:16])

    def tell(self, line: int, faults: Iterable[Fault]) -> None:
        """Keep what is wrong with a line."""
        self.faults += [(line, found.field, found.rule) for found in faults]

    def twice(self, line: int) -> None:
        """The number of this line stands in an earlier one."""
        self.tell(line, [Fault("ins", "REG-TWICE")])
        self.counts["refused"] += 1
