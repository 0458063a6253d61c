"""Files of reimbursed care: every good row kept once, every bad one told, whatever happens in between."""

from __future__ import annotations

import csv
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from arro3.core import Array, DataType, Table
from arro3.io import write_parquet

from healthspace.common import clock
from healthspace.common.errors import Invalid
from healthspace.journeys import care_history
from healthspace.journeys.care_history import take_in
from healthspace.ops.commands import history
from healthspace.profile import reads, rules
from healthspace.profile.adapters import care_files
from healthspace.spaces import actions as spaces
from tests import people

COLUMNS = ("ins", "oid", "on", "category", "label", "code", "quantity", "provider", "place", "reference", "secret")
pytestmark = pytest.mark.usefixtures("as_worker")


def row(holder: people.Holder, days: int = 30, **changes: str) -> dict[str, str]:
    """One row of the file about this person."""
    given = {
        "ins": holder.ins.matricule,
        "oid": holder.ins.oid,
        "on": (clock.today() - timedelta(days=days)).isoformat(),
        "category": "care",
        "label": "Consultation",
        "quantity": "1",
        "provider": "Dr Linh Nguyen",
        "place": "Lyon",
    }
    return {name: (given | changes).get(name, "") for name in COLUMNS}


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    return path


def read(holder: people.Holder) -> reads.CareHistory:
    return reads.care_history(actor=holder.actor, person_id=holder.person_id)


def test_take_in__twice_is_once(tmp_path: Path) -> None:
    amina, paul = people.amina(), people.paul()
    rows = [row(amina, 10), row(amina, 20, label='Soin, dit "long"'), row(paul, 5, category="medicine")]
    path = write(tmp_path / "care.csv", rows)
    first, again = take_in(path), take_in(path)
    assert (first.persons, first.changed, first.lines, first.wrong) == (2, 2, 3, 0)
    assert (again.changed, again.same) == (0, 2)
    assert [line.label for line in read(amina).lines] == ["Consultation", 'Soin, dit "long"']
    assert read(paul).lines[0].category == "medicine"


def test_take_in__bad_rows_are_told_and_hold_nothing_up(tmp_path: Path) -> None:
    amina = people.amina()
    wrong = [{"on": "2026-02-30"}, {"category": "magic"}, {"quantity": "-1"}, {"label": ""}]
    path = write(tmp_path / "care.csv", [row(amina, **one) for one in wrong] + [row(amina)])
    with path.open("ab") as file:
        file.write(b"1,2,3\n" + "Caf\xe9".encode("latin-1") + b",,,,,,,,,,\n" + b'"odd' + b"," * 10)
    report = take_in(path)
    told = [(one.row, one.field, one.rule) for one in report.faults]
    assert told == [
        (2, "on", "CARE-2"),
        (3, "category", "CARE-1"),
        (4, "quantity", "CARE-4"),
        (5, "label", "CARE-3"),
        (7, "row", "CARE-COLUMNS"),
        (8, "row", "CARE-UTF8"),
        (9, "row", "CARE-UTF8"),
    ]
    assert len(read(amina).lines) == 1


def test_take_in__secret_care_is_left_out(tmp_path: Path) -> None:
    leo = people.leo()
    report = take_in(write(tmp_path / "care.csv", [row(leo), row(leo, 3, label="Secret", secret="1")]))
    assert (report.secret, report.lines) == (1, 1)
    assert [line.label for line in read(leo).lines] == ["Consultation"]


def test_take_in__unknown_wrong_number_and_opposed(tmp_path: Path) -> None:
    opposed = people.holder("ROY", ("ANNE",), people.around(1960), "F", people.place_in("31"), state="informed")
    spaces.oppose(actor=opposed.actor, person_id=opposed.person_id)
    unknown = people.new_ins(people.around(1999), "M", people.place_in("75")).matricule
    rows = [row(opposed), row(opposed, ins=unknown), row(opposed, ins="123")]
    report = take_in(write(tmp_path / "care.csv", rows))
    assert report.left_out == {"opposed": 1}
    assert report.unknown == 1
    assert [(one.row, one.rule) for one in report.faults] == [(4, "INS-FORM")]


def test_take_in__a_file_without_the_columns_is_refused_whole(tmp_path: Path) -> None:
    path = tmp_path / "care.csv"
    path.write_text("a;b\n1;2\n")
    with pytest.raises(Invalid):
        take_in(path)


def parquet(path: Path, rows: list[dict[str, str]]) -> Path:
    """The same rows as a Parquet file."""
    columns = {name: Array([one[name] for one in rows], DataType.utf8()) for name in COLUMNS}
    write_parquet(Table.from_pydict(columns), path)
    return path


def test_take_in__parquet_says_the_same_as_csv(tmp_path: Path) -> None:
    amina = people.amina()
    path = parquet(tmp_path / "care.parquet", [row(amina, 10), row(amina, 20, label="Soin"), row(amina, category="x")])
    report = take_in(path)
    assert (report.lines, report.wrong, report.faults[0].row) == (2, 1, 3)
    assert len(read(amina).lines) == 2


@pytest.mark.parametrize("cut", [4, 60, 400])
def test_take_in__a_damaged_parquet_file_is_refused_whole(tmp_path: Path, cut: int) -> None:
    path = parquet(tmp_path / "care.parquet", [row(people.amina(), days) for days in range(50)])
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(Invalid):
        take_in(path)


def test_history__says_what_became_of_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    amina = people.amina()
    path = write(tmp_path / "care.csv", [row(amina, label="Zoltan"), row(amina, on="yesterday")])
    assert history.main([str(path), "--json"]) == 1
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert (told["changed"], told["faults"]) == (1, [{"row": 3, "field": "on", "rule": "CARE-2"}])
    assert history.main([str(path)]) == 1
    assert "Zoltan" not in capsys.readouterr().out


def many(path: Path, monkeypatch: pytest.MonkeyPatch, *, parquet: bool = False) -> tuple[list[people.Holder], Path]:
    """Eight people with five lines each, in parts of some lines: nobody stands in two parts."""
    monkeypatch.setattr(care_files, "PART_BYTES", 700)
    monkeypatch.setattr(care_history, "PART_BYTES", 700)
    monkeypatch.setattr(care_files, "PART_ROWS", 7)
    known = [people.amina() for _ in range(8)]
    rows = [row(one, days, label=f"Soin {days}") for one in known for days in range(1, 6)]
    if parquet:
        columns = {name: Array([one[name] for one in rows], type=DataType.utf8()) for name in COLUMNS}
        write_parquet(Table.from_pydict(columns), path)
        return known, path
    return known, write(path, rows)


@pytest.mark.parametrize("parquet", [False, True])
def test_take_in__by_two_processes_every_line_is_there_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, parquet: bool
) -> None:
    known, path = many(tmp_path / "care", monkeypatch, parquet=parquet)
    cut = list(care_files.parts(path))
    assert len(cut) > 2
    whose = [{one.ins for one in care_files.read(part, categories=frozenset({"care"}), today=clock.today(),
              fault=lambda _: None)} for part in cut]  # fmt: skip
    assert sum(map(len, whose)) == len(set().union(*whose)) == 8
    report = take_in(path, processes=2)
    assert (report.persons, report.changed, report.lines, report.wrong) == (8, 8, 40, 0)
    assert {len(read(one).lines) for one in known} == {5}
    assert take_in(path, processes=2).same == 8


def test_take_in__stopped_in_the_middle_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known, path = many(tmp_path / "care.csv", monkeypatch)
    told: list[int] = []

    def stops(persons: int, _lines: int) -> None:
        told.append(persons)
        if len(told) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take_in(path, processes=1, progress=stops)
    report = take_in(path, processes=1, progress=lambda persons, _lines: told.append(persons))
    assert told == sorted(told) and told[2] > told[1]
    assert (report.persons, report.changed, report.same, report.lines) == (8, 8, 0, 40)
    assert {len(read(one).lines) for one in known} == {5}


def test_take_in__a_history_written_by_another_process_meanwhile_is_not_written_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    amina = people.amina()
    first, second = write(tmp_path / "a.csv", [row(amina, 1)]), write(tmp_path / "b.csv", [row(amina, 2)])
    unpack, once = rules.unpack, [first]

    def and_another_writes(packed: bytes) -> tuple[rules.CareLine, ...]:
        if once:
            with ThreadPoolExecutor(1) as other:
                other.submit(take_in, once.pop()).result()
        return unpack(packed)

    monkeypatch.setattr(rules, "unpack", and_another_writes)
    assert take_in(second).changed == 1
    monkeypatch.undo()
    assert len(read(amina).lines) == 2


def test_take_in__a_quantity_of_many_digits_is_told(tmp_path: Path) -> None:
    amina = people.amina()
    report = take_in(write(tmp_path / "care.csv", [row(amina, quantity="0001234567")]))
    assert [(one.field, one.rule) for one in report.faults] == [("quantity", "CARE-4")]
