"""The commands of waves and information, as an operator gives them."""

from __future__ import annotations

import json
import mailbox
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from healthspace.common import clock
from healthspace.enrolment.actions import waves
from healthspace.enrolment.reads import waves as reads
from healthspace.enrolment.rules import references
from healthspace.ops.commands import bounces, inform, posted, returned, wave
from healthspace.ops.faults import CannotRun
from tests.factories import enrollees
from tests.factories.mail_server import Sink, sink
from tests.rooms.test_enrolment_bounces import named, report

pytestmark = pytest.mark.usefixtures("as_worker")
Told = pytest.CaptureFixture[str]


@pytest.fixture
def server(settings: Settings) -> Iterator[Sink]:
    with sink() as kept:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", kept.port
        settings.BOUNCE_ADDRESS = "bounces@healthspace.example"
        yield kept


def said(capsys: Told) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_commands__from_a_list_to_letters_that_come_back(server: Sink, capsys: Told, tmp_path: Path) -> None:
    name = f"list {secrets.token_hex(4)}"
    by_mail, by_post = enrollees.adult(), enrollees.adult(email="")
    listed = tmp_path / "people.txt"
    listed.write_text(f"test:{by_mail.matricule}\ntest:{by_post.matricule}\ntest:299010000000000\n")
    assert wave.main(["plan", name, "--list", str(listed), "--json"]) == 0
    taken = said(capsys)
    assert (taken["taken"], taken["unknown"], taken["bad_lines"]) == (2, 0, [3])
    assert wave.main(["start", name]) == 0
    capsys.readouterr()

    press = tmp_path / "press"
    today = clock.today().isoformat()
    assert inform.main([name, "--letters", str(press), "--post-on", today, "--json"]) == 0
    done = said(capsys)
    assert (done["sent"], done["drafted_letters"], len(done["printed"])) == (1, 2, 1)
    assert len(server.mails) == 1
    batch = done["printed"][0]["batch"]
    assert Path(done["printed"][0]["file"]).stat().st_size > 1000

    assert posted.main([str(batch), "--on", today, "--json"]) == 0
    assert said(capsys)["done"] == 1
    assert enrollees.space(by_post.person_id).state == "informed"

    box = mailbox.Maildir(tmp_path / "box", factory=None)
    box.add(report(named(by_mail)))
    assert bounces.main(["--maildir", str(tmp_path / "box"), "--json"]) == 0
    assert said(capsys)["by_post"] == 1

    row = enrollees.row(by_post.person_id)
    back = tmp_path / "back.csv"
    back.write_text(f"reference\n{references.of(row.batch_id, row.place_in_batch)}\nnonsense\n")
    assert returned.main([str(back), "--json"]) == 1
    told = said(capsys)
    assert (told["unreachable"], told["faults"]) == (1, [[3, "reference", "ENR-REF"]])

    assert wave.main(["show", name]) == 0
    assert "1 returned" in capsys.readouterr().out


def test_commands__what_cannot_be_is_one_sentence(capsys: Told, tmp_path: Path) -> None:
    for act in (
        lambda: wave.main(["start", "no such wave"]),
        lambda: wave.main(["plan", secrets.token_hex(4), "--departments", "XX"]),
        lambda: wave.main(["plan", secrets.token_hex(4), "--born", "old"]),
        lambda: wave.main(["plan", "--example", "nation"]),
        lambda: wave.main(["plan"]),
        lambda: posted.main(["999999999"]),
        lambda: posted.main(["not a batch"]),
        lambda: bounces.main([]),
        lambda: bounces.main(["--maildir", str(tmp_path)]),
    ):
        with pytest.raises(CannotRun):
            act()


def test_commands__the_pilot_is_planned_by_its_name(capsys: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {one.id for one in reads.waves()}
    pilot, mark = waves.example("pilot"), secrets.token_hex(4)
    renamed = {"waves": [one | {"name": f"{one['name']} {mark}"} for one in pilot["waves"]]}
    monkeypatch.setattr(waves, "example", {"pilot": renamed}.__getitem__)
    assert wave.main(["plan", "--example", "pilot", "--from", "2027-01-04"]) == 0
    assert [one.departments for one in reads.waves() if one.id not in before] == [("31",), ("44",), ("60",)]
