"""A part of a register file while it is taken in: its lines, what is counted, and who else they name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from healthspace.common import clock
from healthspace.enrolment.rules.registry import Fault, Person, Reader
from healthspace.vault import reads as vault

# A part of a million bytes has fewer lines that could hold a person; a file of empty lines must not fill the tables.
MOST_FAULTS: Final = 20_000


class Line(NamedTuple):
    """A person of a line, with the keys it is found by and seen to be changed by."""

    number: int
    person: Person
    find_key: bytes
    row_key: bytes


@dataclass(frozen=True, slots=True)
class Around:
    """Who else the lines name: persons by find key, doctors by RPPS, each the 16 bytes of an id."""

    persons: dict[bytes, bytes]
    doctors: dict[str, bytes]
    find: Callable[[bytes], bytes]

    def person(self, ins: str) -> bytes | None:
        """The person of a number, if there is one and it is known."""
        return self.persons.get(self.find(ins.encode())) if ins else None


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
        lines = 0
        for row in rows:
            lines += 1
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
            yield Line(row.line, person, find_key, self.row("\x1f".join(person).encode())[:16])
        self.counts["lines"] = lines

    def tell(self, line: int, faults: Iterable[Fault]) -> None:
        """Keep what is wrong with a line; beyond the most that are kept, the line is only counted."""
        if len(self.faults) < MOST_FAULTS:
            self.faults += [(line, found.field, found.rule) for found in faults]

    def twice(self, line: int) -> None:
        """The number of this line stands in an earlier one."""
        self.tell(line, [Fault("ins", "REG-TWICE")])
        self.counts["refused"] += 1
