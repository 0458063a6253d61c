"""`healthspace intake`: what the operator is told, and with which exit code."""

from __future__ import annotations

import csv
import json

import pytest

from healthspace.ops.commands import intake
from healthspace.ops.faults import CannotRun
from tests.rooms.register import born, made, seeds, write

pytestmark = pytest.mark.usefixtures("as_worker")
seed = pytest.fixture(seeds)


def test_intake__whole_and_good_is_nought(tmp_path, seed, capsys):
    path = made(tmp_path / "register.csv", seed, 30)
    assert intake.main([str(path), "--processes", "1"]) == 0
    told = capsys.readouterr()
    assert "30 lines (whole)" in told.out
    assert "new           30" in told.out
    assert "30/30 lines" in told.err


def test_intake__bad_lines_are_written_to_a_file_of_their_own(tmp_path, seed, capsys):
    rows = [born(seed), born(seed + 1) | {"sex": "X"}, born(seed + 2) | {"email": "nobody"}]
    path = write(tmp_path / "register.csv", rows)
    assert intake.main([str(path), "--json", "--faults", str(tmp_path / "faults.csv")]) == 1
    report = json.loads(capsys.readouterr().out)
    assert (report["new"], report["refused"], report["mended"]) == (2, 1, 1)
    with (tmp_path / "faults.csv").open(newline="") as file:
        assert list(csv.reader(file)) == [
            ["file", "line", "column", "rule"],
            ["register.csv", "3", "sex", "REG-SEX"],
            ["register.csv", "4", "email", "REG-EMAIL"],
        ]


@pytest.mark.parametrize("name, content", [("absent.csv", None), ("wrong.csv", b"a;b\n1;2\n"), ("empty.csv", b"")])
def test_intake__what_is_no_register_is_one_sentence(tmp_path, name, content):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CannotRun) as fault:
        intake.main([str(path)])
    assert name in str(fault.value)
