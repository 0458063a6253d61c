"""The generator: the same seed gives the same bytes, CDA after its schema, headers our intake reads."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from lxml import etree

from healthspace.config import env
from healthspace.demo import bodies, cast, stories
from healthspace.demo.make import numbers
from healthspace.demo.stories import Moment
from healthspace.documents.adapters import inspect
from healthspace.documents.ports import Limits
from healthspace.people.rules import is_finess, is_rpps
from healthspace.spaces.rules import parse_ins
from healthspace.terminology import reads as terminology

TODAY = date(2026, 11, 24)
SHARED = Path(os.environ.get("HEALTHSPACE_SHARED") or env.ROOT.parent / "shared")
SCHEMA = SHARED / "data/cda-xsd/CDA_extended.xsd"


def every_moment() -> Iterator[Moment]:
    for villager in cast.villagers().values():
        yield from stories.moments(villager, TODAY)


def one_of_each_kind() -> list[Moment]:
    found: dict[str, Moment] = {}
    for moment in every_moment():
        found.setdefault(moment.kind, moment)
    return list(found.values())


@pytest.mark.parametrize("moment", one_of_each_kind(), ids=lambda moment: str(moment.kind))
def test_body__same_moment_gives_same_bytes(moment: Moment) -> None:
    assert bodies.body(moment) == bodies.body(moment)


def test_moments__keys_are_unique_and_types_are_known() -> None:
    moments = list(every_moment())
    assert len({moment.key for moment in moments}) == len(moments) > 300
    assert {moment.type_code for moment in moments} <= set(terminology.document_types())
    assert all(moment.day < TODAY for moment in moments)


def test_moments__next_day_keeps_the_keys() -> None:
    amina = cast.villagers()["amina"]
    tomorrow = {moment.unique_id for moment in stories.moments(amina, date(2026, 11, 25))}
    assert {moment.unique_id for moment in stories.moments(amina, TODAY)} <= tomorrow


@pytest.mark.skipif(not SCHEMA.exists(), reason="the CDA schema of ../shared/data is not here")
def test_cda__fits_the_extended_schema() -> None:
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    for moment in one_of_each_kind():
        content, media_type = bodies.body(moment)
        if media_type == bodies.CDA:
            schema.assertValid(etree.fromstring(content))


@pytest.mark.parametrize("moment", one_of_each_kind(), ids=lambda moment: str(moment.kind))
def test_body__is_what_it_says_for_our_intake(moment: Moment) -> None:
    content, media_type = bodies.body(moment)
    found = inspect.inspect(content, media_type, limits=Limits())
    assert not found.problems
    if found.cda:
        subject = moment.villager.subject
        assert found.cda.source_id == moment.unique_id
        assert found.cda.type.code == moment.type_code
        assert found.cda.patient.birth_name == subject.birth_name
        assert found.cda.patient.first_names == tuple(" ".join(subject.first_names).split())
        assert {one.extension for one in found.cda.patient.identifiers} == {subject.ins}
        assert found.cda.authors[0].rpps == moment.maker.rpps if moment.maker else True


def test_pdf__embeds_every_font() -> None:
    content = next(bodies.body(moment)[0] for moment in every_moment() if moment.kind == "letter")
    page = pypdfium2.PdfDocument(content)[0]
    text = page.get_textpage().get_text_range()
    assert "Maison de santé" in text
    assert b"/FontFile2" in content
    assert b"/Helvetica" not in content


def test_numbers__have_right_keys() -> None:
    for villager in cast.villagers().values():
        parse_ins(villager.subject.ins, villager.subject.oid)
    assert all(is_rpps(maker.rpps) for maker in cast.makers().values())
    assert all(is_finess(place.finess) for place in cast.places().values())
    assert len({villager.subject.ins for villager in cast.villagers().values()}) == len(cast.villagers())


def test_matricule__official_vector() -> None:
    made = numbers.matricule(sex="F", born_on=date(1979, 3, 28), place="51215", order=189)
    assert made == "279035121518989"
