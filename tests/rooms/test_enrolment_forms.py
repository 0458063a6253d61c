"""Slips that come back by post: read, noted once, told apart from what a person must look at."""

from __future__ import annotations

import io
import secrets
import struct
import zlib
from pathlib import Path

import pytest
import segno
from django.db import transaction
from PIL import Image

from healthspace.common.ids import NIL
from healthspace.enrolment.actions import forms
from healthspace.enrolment.models import Case, Enrollee
from healthspace.enrolment.rules import references
from healthspace.schema.context import set_context
from healthspace.vault import reads as vault
from tests.rooms import letters

pytestmark = pytest.mark.usefixtures("as_worker")


def slip_of(person: letters.Told) -> str:
    """The text of the QR on this person's slip, as the printer got it."""
    batch_id, place = secrets.randbelow(2**24), secrets.randbelow(2**24)
    with transaction.atomic():
        set_context(person.person_id)
        Enrollee.objects.filter(person_id=person.person_id).update(batch_id=batch_id, place_in_batch=place)
    reference = references.of(batch_id, place)
    return references.slip(reference, vault.find_key("slip", reference).hex()[:16])


def sheet(*texts: str, turn: float = 0) -> Image.Image:
    """A scanned A4 page, 150 dots an inch, with these QR codes."""
    page = Image.new("L", (1240, 1754), 250)
    for number, text in enumerate(texts):
        out = io.BytesIO()
        segno.make(text, error="m").save(out, kind="png", scale=5)
        page.paste(Image.open(out).convert("L"), (150, 200 + 700 * number))
    return page.rotate(turn, expand=True, fillcolor=250) if turn else page


def cases() -> set[str]:
    with transaction.atomic():
        set_context(NIL)
        return {case.details["reason"] for case in Case.objects.filter(person_id=NIL, kind=forms.UNREADABLE)}


@pytest.mark.parametrize("kind", ["png", "pdf", "tiff", "jpeg"])
def test_read_folder__a_slip_is_a_refusal(tmp_path: Path, kind: str) -> None:
    amina = letters.told()
    sheet(slip_of(amina)).save(tmp_path / f"scan.{kind}")
    report = forms.read_folder(tmp_path)
    assert (report.noted, report.faults) == (1, [])
    assert letters.state_of(amina) == "opposed"
    assert len(list((tmp_path / "read").glob(f"scan-*.{kind}"))) == 1


@pytest.mark.parametrize("turn", [3, 90, 180, 274])
def test_read_folder__however_the_paper_lay_on_the_glass(tmp_path: Path, turn: float) -> None:
    amina = letters.told()
    sheet(slip_of(amina), turn=turn).save(tmp_path / "scan.png")
    assert forms.read_folder(tmp_path).noted == 1
    assert letters.state_of(amina) == "opposed"


def test_read_folder__many_pages_one_file_and_twice_is_once(tmp_path: Path) -> None:
    people = [letters.told() for _ in range(3)]
    pages = [sheet(slip_of(person)) for person in people]
    pages[0].save(tmp_path / "scan.tiff", save_all=True, append_images=pages[1:])
    assert forms.read_folder(tmp_path).noted == 3
    next((tmp_path / "read").glob("scan-*.tiff")).rename(tmp_path / "again.tiff")
    report = forms.read_folder(tmp_path)
    assert (report.noted, report.noted_before) == (0, 3)
    assert {letters.state_of(person) for person in people} == {"opposed"}


def test_read_folder__a_child_is_refused_for_by_the_parent(tmp_path: Path) -> None:
    _jeanne, _marc, leo = letters.family()
    sheet(slip_of(leo)).save(tmp_path / "scan.png")
    assert forms.read_folder(tmp_path).noted == 1
    assert letters.state_of(leo) == "opposed"


def test_read_folder__what_nobody_can_read_is_a_case(tmp_path: Path) -> None:
    amina, leila = letters.told(), letters.told()
    forged = slip_of(leila)[:-4] + "0000"
    sheet().save(tmp_path / "empty.png")
    sheet(forged).save(tmp_path / "forged.png")
    sheet(slip_of(amina), slip_of(leila)).save(tmp_path / "several.png")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 cut")
    whole = io.BytesIO()
    sheet(slip_of(amina)).save(whole, "png")
    (tmp_path / "cut.png").write_bytes(whole.getvalue()[:900])
    (tmp_path / "notes.txt").write_text("not a scan")
    report = forms.read_folder(tmp_path)
    assert report.noted == 0
    assert {(name, reason) for name, _page, reason in report.faults} == {
        ("empty.png", "no_slip"),
        ("forged.png", "not_ours"),
        ("several.png", "several_slips"),
        ("broken.pdf", "unreadable"),
        ("cut.png", "unreadable"),
    }
    assert {"no_slip", "not_ours", "several_slips", "unreadable"} <= cases()
    assert letters.state_of(amina) == letters.state_of(leila) == "informed"
    assert len(list((tmp_path / "to-look-at").glob("empty-*.png"))) == 1
    assert (tmp_path / "notes.txt").exists()


def bomb() -> bytes:
    """A picture of 400 million points in some hundred bytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", 20_000, 20_000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def test_read_folder__one_hostile_scan_holds_no_other_back(tmp_path: Path) -> None:
    amina = letters.told()
    (tmp_path / "a-bomb.png").write_bytes(bomb())
    (tmp_path / "b-stripes.tiff").write_bytes(b"II*\x00\x08\x00\x00\x00\x01\x00" + b"\xff" * 64)
    (tmp_path / "c-empty.pdf").write_bytes(b"")
    sheet(slip_of(amina)).save(tmp_path / "z.png")
    report = forms.read_folder(tmp_path)
    assert (report.files, report.noted, {reason for *_, reason in report.faults}) == (4, 1, {"unreadable"})
    assert letters.state_of(amina) == "opposed"


def test_read_folder__scans_of_the_same_name_are_both_kept(tmp_path: Path) -> None:
    """The sheet is the signed proof; scanners count from one again each day."""
    for _ in range(2):
        sheet(slip_of(letters.told())).save(tmp_path / "scan0001.png")
        assert forms.read_folder(tmp_path).noted == 1
    assert len(list((tmp_path / "read").glob("scan0001-*.png"))) == 2


def test_read_folder__too_late_is_a_case_of_the_person(tmp_path: Path) -> None:
    from healthspace.common.actor import SYSTEM
    from healthspace.spaces import actions as spaces

    amina = letters.told()
    spaces.activate(actor=SYSTEM, person_id=amina.person_id)
    sheet(slip_of(amina)).save(tmp_path / "scan.png")
    assert forms.read_folder(tmp_path).faults == [("scan.png", 1, "late")]
    assert letters.state_of(amina) == "active"
    with transaction.atomic():
        set_context(amina.person_id)
        assert Case.objects.filter(person_id=amina.person_id, kind=forms.LATE).count() == 1
