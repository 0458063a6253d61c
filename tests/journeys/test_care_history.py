"""Files of reimbursed care: every good row kept once, every bad one told, whatever happens in between."""

from __future__ import annotations

import csv
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from arro3.core import Array, DataType, Table
from arro3.io import write_parquet

from healthspace.common import clock
from healthspace.common.errors import Invalid
from healthspace.journeys.care_history import take_in
from healthspace.ops.commands import history
from healthspace.profile import reads
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
