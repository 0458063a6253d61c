"""What an operator mistypes or points at the wrong file is one plain sentence, and leaves nothing behind."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from healthspace.common import clock
from healthspace.enrolment.actions import batches, printing
from healthspace.enrolment.models import Batch
from healthspace.enrolment.reads import waves as reads
from healthspace.ops.commands import inform, intake, letters, posted, refusals, returned, suspend, wave
from healthspace.ops.faults import CannotRun
from tests.factories import enrollees
from tests.rooms.register import born, seeds, write
from tests.rooms.test_enrolment_waves import listed

pytestmark = pytest.mark.usefixtures("as_worker")
seed = pytest.fixture(seeds)
Told = pytest.CaptureFixture[str]
BINARY = b"%PDF-1.7\n\xe2\xe3\xcf\xd3\x00\xff\xfe" * 50


def test_files__absent_binary_or_not_writable_are_one_sentence(tmp_path: Path, seed: int) -> None:
    binary, absent = tmp_path / "letter.pdf", tmp_path / "none.csv"
    binary.write_bytes(BINARY)
    register = write(tmp_path / "register.csv", [born(seed)])
    under_a_file = str(binary / "folder")
    for command, words, path in (
        (posted.main, ["--file", str(absent)], absent), (posted.main, ["--file", str(binary)], binary),
        (returned.main, [str(absent)], absent), (returned.main, [str(binary)], binary),
        (returned.main, [str(tmp_path)], tmp_path), (letters.main, [under_a_file], binary),
        (intake.main, [str(register), "--faults", f"{under_a_file}/faults.csv"], binary),
    ):  # fmt: skip
        with pytest.raises(CannotRun) as fault:
            command(words)
        assert str(path) in str(fault.value) and "Give " in str(fault.value)


def test_plan__with_a_list_of_nobody_leaves_no_wave(tmp_path: Path) -> None:
    name, good = f"list {secrets.token_hex(4)}", tmp_path / "good.txt"
    binary, unknown, empty = tmp_path / "letter.pdf", tmp_path / "unknown.txt", tmp_path / "empty.txt"
    binary.write_bytes(BINARY)
    unknown.write_text("test:299019999999913\n")
    empty.touch()
    for path in (tmp_path / "none.txt", tmp_path, binary, unknown, empty):
        with pytest.raises(CannotRun, match=r"list|FILE|read"):
            wave.main(["plan", name, "--list", str(path)])
        assert name not in {one.name for one in reads.waves()}
    with pytest.raises(CannotRun, match="calendar"):
        wave.main(["plan", "--example", "pilot", "--list", str(unknown)])
    good.write_text(f"test:{enrollees.adult().matricule}\n")
    assert wave.main(["plan", name, "--list", str(good)]) == 0
    [card] = [one for one in reads.waves() if one.name == name]
    assert card.list_name == "good.txt"


def test_intake__tells_the_first_bad_lines_and_where_the_others_are(tmp_path: Path, seed: int, capsys: Told) -> None:
    rows = [born(seed + number) | {"sex": "X"} for number in range(12)]
    path, faults = write(tmp_path / "register.csv", [*rows, born(seed + 13)]), tmp_path / "faults.csv"
    assert intake.main([str(path)]) == 1
    told = capsys.readouterr().out
    assert "line 2, sex: REG-SEX" in told and "line 11, sex: REG-SEX" in told
    assert "line 12, sex" not in told and "--faults" in told and "Already" not in told
    assert intake.main([str(path), "--faults", str(faults)]) == 1
    told = capsys.readouterr().out
    assert "Already taken in on" in told and f"All bad lines are in {faults}." in told
    assert len(faults.read_text().splitlines()) == 13
    assert intake.main([str(path), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["taken_in_already"] is True


@pytest.mark.parametrize(
    "command, words, told",
    [
        (posted.main, ["1", "--on", "yesterday"], "Write it as 2027-01-31."),
        (inform.main, ["--post-on", "32.1.2027"], "Write it as 2027-01-31."),
        (wave.main, ["plan", "x", "--from", "32.1.2027"], "Write it as 2027-01-31."),
        (refusals.main, [".", "--posted-by", "soon"], "Write it as 2027-01-31."),
        (inform.main, ["--limit", "-4"], "1 or more"),
        (inform.main, ["--lines", "0"], "1 or more"),
        (inform.main, ["--batch", "many"], "1 or more"),
        (suspend.main, ["foo"], "healthspace cases"),
    ],
)
def test_words__are_refused_in_plain_words(
    command: Callable[[list[str]], int], words: list[str], told: str, capsys: Told
) -> None:
    with pytest.raises(SystemExit) as end:
        command(words)
    said = capsys.readouterr().err
    assert end.value.code == 2
    assert told in said and "fromisoformat" not in said and "UUID" not in said


def test_inform__a_day_that_is_over_or_no_such_batch_does_nothing(tmp_path: Path) -> None:
    wave_id = listed(enrollees.adult(email=""))
    [name] = [one.name for one in reads.waves() if one.id == wave_id]
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    for words in (
        [name, "--letters", str(tmp_path), "--post-on", yesterday],
        [name, "--letters", str(tmp_path), "--batch", "999999999"],
        [name, "--batch", "999999999"],
    ):
        with pytest.raises(CannotRun):
            inform.main(words)
    assert not Batch.objects.filter(wave_id=wave_id).exists()


def test_inform__says_which_settings_letters_lack(capsys: Told, settings: Settings) -> None:
    wave_id = listed(enrollees.adult(email=""))
    [name] = [one.name for one in reads.waves() if one.id == wave_id]
    assert inform.main([name, "--no-mails", "--json"]) == 0
    told = capsys.readouterr()
    assert "SITE_URL is not set" in told.err and "FREE_POST is not set" in told.err
    json.loads(told.out)
    settings.SITE_URL, settings.HELP_PHONE, settings.LETTER_SENDER = "https://espace.example", "0 800", "Caisse"
    settings.LETTER_SENDER_ADDRESS = settings.FREE_POST = ("Libre réponse 1",)
    assert inform.main([name, "--no-mails"]) == 0
    assert "not set" not in capsys.readouterr().err


def test_posted__before_the_letters_were_made_is_a_sentence(tmp_path: Path) -> None:
    wave_id = listed(enrollees.adult(email=""))
    batches.draft(wave_id)
    [card] = reads.batches(wave_id)
    printing.print_batch(card.id, tmp_path, on=clock.today())
    for on in ("2020-01-01", (clock.today() + timedelta(days=1)).isoformat()):
        with pytest.raises(CannotRun, match=r"on \(ENR-3\)"):
            posted.main([str(card.id), "--on", on])
    assert Batch.objects.get(id=card.id).state == "ready"
