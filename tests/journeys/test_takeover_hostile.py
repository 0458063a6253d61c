"""Older records that are odd or hostile: told with their reason, and none holds the others back."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from healthspace.access import reads as access_reads
from healthspace.common import fault
from healthspace.journeys.takeover import take_in
from healthspace.journeys.taking import metadata
from tests import people
from tests.factories import orders
from tests.journeys.older import Paper, pack
from tests.journeys.test_takeover import cards

pytestmark = pytest.mark.usefixtures("as_worker")


def hostile(folder: Path, holder: people.Holder, change: Callable[[str], str], **record: Any) -> None:
    """A record whose METADATA.XML was tampered with; its name comes before the others'."""
    subset = pack(folder / "a", holder.ins.matricule, holder.ins.oid, [Paper(orders.pdf())], **record)
    path = subset / "METADATA.XML"
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


def size_of(digits: str) -> Callable[[str], str]:
    def changed(text: str) -> str:
        head, _, rest = text.partition('<Slot name="size"><ValueList><Value>')
        return head + '<Slot name="size"><ValueList><Value>' + digits + rest[rest.index("<") :]

    return changed


def same(text: str) -> str:
    return text


@pytest.mark.parametrize(
    "change, record, reason",
    [
        (size_of("9" * 5000), {}, "size"),
        (size_of("many"), {}, "size"),
        (same, {"traces": "abc"}, "record-json"),
        (same, {"traces": [1]}, "record-json"),
        (same, {"authorisations": [{"rpps": "1\u0000", "from": "2026-01-05", "family_name": "a\u0000"}]}, None),
        (same, {"traces": [{"id": "t\u0000", "at": "2026-01-05", "name": "\u0000"}]}, None),
        (same, {"blocks": {"rpps": "1"}}, "record-json"),
        (lambda text: text.replace('id="Document01"', ""), {}, None),
        (lambda text: text.replace("</RegistryObjectList>", text[text.index("<Ext") :], 1), {}, "metadata-not-xml"),
    ],
)
def test_take_in__one_odd_record_holds_no_other_back(
    tmp_path: Path, change: Callable[[str], str], record: dict[str, Any], reason: str | None
) -> None:
    amina, paul = people.amina(), people.paul()
    hostile(tmp_path, amina, change, **record)
    pack(tmp_path / "z", paul.ins.matricule, paul.ins.oid, [Paper(orders.pdf())])
    taken = take_in(tmp_path)
    assert len(cards(paul)) == 1
    if reason is not None:
        assert [one.reason for one in taken.reasons] == [reason]
        assert cards(amina) == {}


def test_take_in__a_pipe_for_a_document_ends_nothing(tmp_path: Path) -> None:
    amina = people.amina()
    subset = pack(tmp_path, amina.ins.matricule, amina.ins.oid, [Paper(orders.pdf()), Paper(orders.pdf())])
    (subset / "DOC00001").unlink()
    os.mkfifo(subset / "DOC00001")
    taken = take_in(tmp_path)
    assert (taken.filed, [one.reason for one in taken.reasons]) == (1, ["no-file"])


def test_take_in__entities_in_another_encoding_are_refused(tmp_path: Path) -> None:
    amina = people.amina()
    subset = pack(tmp_path, amina.ins.matricule, amina.ins.oid, [Paper(orders.pdf())])
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b "c">]><a b="&b;"/>'
    (subset / "METADATA.XML").write_bytes(text.encode("utf-16"))
    assert [one.reason for one in take_in(tmp_path).reasons] == ["metadata-doctype"]


def test_read__two_documents_of_one_name_are_not_one(tmp_path: Path) -> None:
    amina = people.amina()
    subset = pack(tmp_path, amina.ins.matricule, amina.ins.oid, [Paper(orders.pdf()), Paper(orders.pdf())])
    path = subset / "METADATA.XML"
    path.write_text(path.read_text().replace("Document02", "Document01"))
    assert [one.reason for one in take_in(tmp_path).reasons] == ["id-twice"]


def test_read__a_thousand_versions_are_put_in_order_at_once(tmp_path: Path) -> None:
    papers = [Paper(b"x", unique_id=f"2.25.{number}") for number in range(3000)]
    papers = [replace(one, replaces=f"2.25.{number - 1}" if number else "") for number, one in enumerate(papers)]
    papers[0] = replace(papers[0], replaces="2.25.2")  # and a circle
    subset = pack(tmp_path, "1", "2", list(reversed(papers)))
    begun = time.monotonic()
    found = [one.unique_id for one in metadata.read(subset / "METADATA.XML")]
    assert time.monotonic() - begun < 10
    assert len(found) == 3000
    assert found[-1] == "2.25.2999"


@pytest.mark.parametrize("code, masked", [("masque_ps", True), (" MASQUE_PS ", True), ("r", False)])
def test_take_in__a_mask_counts_however_it_is_written(tmp_path: Path, code: str, masked: bool) -> None:
    amina = people.amina()
    pack(tmp_path, amina.ins.matricule, amina.ins.oid, [Paper(orders.pdf(), confidentiality=("N", code))])
    assert take_in(tmp_path).filed == 1
    assert [card.is_masked for card in cards(amina).values()] == [masked]


def test_take_in__a_mask_nobody_knows_keeps_the_document_out(tmp_path: Path) -> None:
    amina = people.amina()
    papers = [Paper(orders.pdf(), confidentiality=("N", "MASKED")), Paper(orders.pdf())]
    pack(tmp_path, amina.ins.matricule, amina.ins.oid, papers)
    taken = take_in(tmp_path)
    assert [(one.reason, one.document) for one in taken.reasons] == [("invalid: ACC-18", papers[0].unique_id)]
    assert set(cards(amina)) == {papers[1].unique_id}


@pytest.mark.parametrize(
    "block, is_kept_out",
    [
        ({"rpps": "10009999999", "from": "2020-02-01"}, True),
        ({"finess": "690001234", "name": "Rivemont", "from": "2020-02-01"}, True),
        ({"rpps": "10009999999", "from": "2020-02-01", "until": "2021-02-01"}, False),
    ],
)
def test_take_in__a_block_that_cannot_be_kept_is_never_lost(
    tmp_path: Path, block: dict[str, str], is_kept_out: bool
) -> None:
    """ACC-10"""
    amina = people.amina()
    pack(tmp_path, amina.ins.matricule, amina.ins.oid, [Paper(orders.pdf())], blocks=[block])
    taken = take_in(tmp_path)
    assert [one.reason for one in taken.reasons] == (["block-not-kept"] if is_kept_out else [])
    assert len(cards(amina)) == int(not is_kept_out)


def test_take_in__blocks_stand_before_the_first_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    amina, blocked = people.amina(), people.dr_nguyen()
    block = {"rpps": blocked.rpps, "from": "2020-02-01"}
    pack(tmp_path, amina.ins.matricule, amina.ins.oid, [Paper(orders.pdf())], blocks=[block])
    seen: list[tuple[str, int, bool]] = []

    def look(label: str) -> None:
        ties = access_reads.ties(actor=amina.actor, person_id=amina.person_id)
        seen.append((label, len(cards(amina)), any(one.professional_id == blocked.id for one in ties)))

    monkeypatch.setattr(fault, "point", look)
    take_in(tmp_path)
    assert ("takeover.after_document", 1, True) in seen
    assert ("takeover.after_rights", 0, True) in seen
