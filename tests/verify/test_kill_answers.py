"""Killed in the middle of sending a code or reading slips: afterwards everything is there once (security G4)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction

from healthspace.config import env
from healthspace.enrolment.models import Answer
from healthspace.schema.context import set_context
from tests.rooms import letters
from tests.rooms.test_enrolment_forms import sheet, slip_of

pytestmark = pytest.mark.usefixtures("as_worker")
READ = (
    "import django; django.setup()\n"
    "import sys; from pathlib import Path\n"
    "from healthspace.common import fault\n"
    "from healthspace.enrolment.actions import forms\n"
    "fault.arm(sys.argv[2])\n"
    "print(forms.read_folder(Path(sys.argv[1])).noted)\n"
)


def run(folder: Path, label: str) -> subprocess.CompletedProcess[str]:
    """Reading the folder in a process of its own, on this test's database."""
    return subprocess.run(
        [sys.executable, "-c", READ, str(folder), label],
        env=os.environ
        | {
            "HEALTHSPACE_ROLE": "worker",
            "HEALTHSPACE_TEST_DATABASE": connection.settings_dict["NAME"],
            "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "healthspace.config.settings.test"),
        },
        cwd=env.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_read_folder__killed_after_a_slip_notes_it_once(tmp_path: Path) -> None:
    assert django_settings.HOME
    people = [letters.told() for _ in range(2)]
    for number, person in enumerate(people):
        sheet(slip_of(person)).save(tmp_path / f"{number}.png")
    killed = run(tmp_path, "forms.noted")
    assert killed.returncode == -9, killed.stderr[-2000:]
    assert [letters.state_of(person) for person in people] == ["opposed", "informed"]
    again = run(tmp_path, "")
    assert again.returncode == 0, again.stderr[-2000:]
    assert [letters.state_of(person) for person in people] == ["opposed", "opposed"]
    for person in people:
        with transaction.atomic():
            set_context(person.person_id)
            assert Answer.objects.filter(person_id=person.person_id).count() == 1
