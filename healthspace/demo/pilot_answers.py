"""What invented people answer: refusals by web, phone and scanned slip; and the care they were paid back for."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import zxingcpp
from django.db import connection
from PIL import Image

from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.ids import new_id
from healthspace.demo import crowd
from healthspace.enrolment.actions import answers, batch_secrets, claims, forms, phone, waves
from healthspace.enrolment.reads import letters
from healthspace.enrolment.reads.letters import Told
from healthspace.spaces.rules import TEST_OID
from healthspace.vault import actions as vault

AGENT: Final = Actor(kind="support", id=new_id(), name="Agent")
WAYS: Final = ("web", "web", "web", "web", "web", "web", "web", "phone", "phone", "post")
LABELS: Final = ("Consultation", "Paracetamol", "Blood count", "X-ray")
INS, OLDEST_DAYS, MOST_LINES = 0, 700, 4


def refuse(wanted: int, folder: Path) -> dict[str, int]:
    """So many letters are answered with a refusal, seven of ten by web, two by phone, one by a scanned slip."""
    done = dict.fromkeys(("web", "phone", "post"), 0)
    scans = folder / "scans"
    scans.mkdir()
    for number, (matricule, told) in enumerate(told_people(wanted)):
        way = WAYS[number % len(WAYS)]
        if way == "post":
            _slip(scans / f"{number:06d}.png", told.slip)
            continue
        if way == "web":
            claim = claims.check(matricule=matricule, born_on=told.born_on, code=told.code, source="")
            answers.oppose(claim)
        else:
            (caller,) = phone.find(AGENT, matricule=matricule, born_on=told.born_on, code=told.code)
            phone.oppose(AGENT, caller)
        done[way] += 1
    done["post"] = forms.read_folder(scans).noted
    return done


def care_file(path: Path, *, persons: int, share: int, seed: int, category: str) -> None:
    """Some lines of reimbursed care for the wished share of the register, as the insurer would deliver them."""
    day = clock.today()
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["ins", "oid", "on", "category", "label", "reference"])
        for number, values in enumerate(crowd.people(persons, _departments(), seed)):
            if number % 100 >= share:
                continue
            for line in range(1 + number % MOST_LINES):
                on = day - timedelta(days=(number * 37 + line * 11) % OLDEST_DAYS)
                ins = values[INS].rpartition(":")[2]
                rows.writerow([ins, TEST_OID, on, category, LABELS[line], f"{number}-{line}"])


def _departments() -> list[str]:
    return [code for one in waves.example("pilot")["waves"] for code in one["departments"]]


def told_people(wanted: int) -> Iterator[tuple[str, Told]]:
    """That many people, from all batches, each with the number that stands on the card."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, letters, sealed_secret FROM enrolment_batch WHERE state = 'sent' ORDER BY id")
        batches = cursor.fetchall()
    total = sum(count for _, count, _ in batches)
    step, seen, given = max(1, total // max(wanted, 1)), 0, 0
    for batch_id, _, sealed in batches:
        secret = vault.open_secret(bytes(sealed), purpose=batch_secrets.PURPOSE)
        for one in letters.compose(batch_id, secret):
            seen += 1
            if seen % step or given >= wanted or one.people[0].person_id != one.addressee.person_id:
                continue
            given += 1
            yield one.addressee.identity.ins.matricule, one.people[0]


def _slip(path: Path, text: str) -> None:
    """A sheet of paper with one square, as the post room's scanner sees it."""
    code = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode)
    square = Image.fromarray(zxingcpp.write_barcode_to_image(code, scale=6))
    sheet = Image.new("L", (1240, 1754), 255)
    sheet.paste(square, (700, 1200))
    sheet.save(path)
