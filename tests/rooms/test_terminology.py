"""The vocabularies: complete, in two languages, and the class that follows from the type."""

from __future__ import annotations

import dataclasses
import json

import pytest

from healthspace.common.errors import Invalid
from healthspace.terminology import reads


def test_document_type__a_laboratory_report_in_both_languages():
    kind = reads.document_type("11502-2")
    assert kind.label("en") == "Laboratory report"
    assert kind.label("fr") == "CR d'examens biologiques"
    assert (kind.plain_label("fr"), kind.plain_label("en")) == ("Résultats d’analyses", "Test results")
    assert (kind.category, kind.icon) == ("BIOLOGIE", "flask-conical")


def test_document_type__unknown_is_invalid_with_a_way_out():
    with pytest.raises(Invalid) as fault:
        reads.document_type("<script>")
    assert fault.value.way_out
    assert "script" not in str(fault.value)


def test_document_types__all_of_the_domain_file(shared):
    given = json.loads((shared / "design" / "domain_codes.json").read_text())
    ours = reads.document_types()
    assert len(ours) == 118
    for row in given["types"]:
        assert (ours[row["code"]].class_code or None, ours[row["code"]].fr) == (row["class"], row["fr"])
    for name, theirs in {
        "settings": "practiceSetting",
        "facility_types": "healthcareFacilityType",
        "confidentialities": "confidentiality",
        "functions": "function",
        "relations": "relation",
        "specialties": "authorSpecialty",
    }.items():
        assert set(getattr(reads, name)()) == {row["code"] for row in given[theirs]}


EVERY = ["document_types", "classes", "categories", "settings", "facility_types", "confidentialities", "functions",
         "relations", "professions", "specialties", "media_types"]  # fmt: skip


@pytest.mark.parametrize("name", EVERY)
def test_labels__every_code_has_words_in_both_languages(name):
    for code in getattr(reads, name)().values():
        assert code.label("fr").strip()
        assert code.label("en").strip()


def test_plain_labels__every_type_and_never_an_abbreviation():
    for kind in reads.document_types().values():
        for language in ("fr", "en"):
            plain = kind.plain_label(language)
            assert plain
            assert not {"CR", "ALD", "LOINC", "EHPAD"} & set(plain.split())
            assert len(plain) <= 45
            assert "'" not in plain or language == "en"


def test_class_of__follows_from_the_type():
    assert {code: reads.class_of(code) for code in ("11502-2", "18748-4", "57833-6", "EXPPAT_3", "REMB")} == {
        "11502-2": "10",
        "18748-4": "31",
        "57833-6": "42",
        "EXPPAT_3": "90",
        "REMB": "60",
    }


def test_class_of__every_type_has_a_known_class_or_a_way_out():
    outside = {"E1762", "FEUILLE-DE-STYLE", "EXPORT_DUI"}
    for code in set(reads.document_types()) - outside:
        assert reads.class_of(code) in reads.classes()
    for code in outside:
        with pytest.raises(Invalid, match="no class") as fault:
            reads.class_of(code)
        assert (fault.value.rule, "additions" in fault.value.way_out) == ("X16", True)


def test_equivalent_type__foreign_codes_lead_to_ours():
    assert reads.equivalent_type("11502-2") == "11502-2"
    assert reads.equivalent_type("58410-2") == "11502-2"
    assert reads.equivalent_type("99999-9") is None
    for code in reads._equivalents().values():
        assert reads.class_of(code)


def test_format_of__by_model_then_by_kind_of_file():
    assert reads.format_of(media_type="text/xml", templates=("1.2.3", "1.2.250.1.213.1.1.1.55"))[0] == (
        "urn:ihe:lab:xd-lab:2008"
    )
    assert reads.format_of(media_type="application/pdf")[0] == "urn:ihe:iti:xds-sd:pdf:2008"
    assert reads.format_of(media_type="image/png")[0] == "urn:asipSante:modelesHorsProfils:2011"


def test_usual_types__the_list_of_the_domain_begins_with_laboratory_reports():
    usual = [kind.code for kind in reads.usual_types()]
    assert usual[:4] == ["11502-2", "57833-6", "18748-4", "11490-0"]
    assert len(usual) == 34


def test_vocabularies__cannot_be_changed():
    with pytest.raises(TypeError):
        reads.document_types()["x"] = None  # type: ignore[index]
    with pytest.raises(dataclasses.FrozenInstanceError):
        reads.document_type("11502-2").fr = "other"  # type: ignore[misc]


def test_data__keeps_the_notice_of_loinc():
    for name in ("document_types", "codes", "professions"):
        assert "Regenstrief" in reads._file(name)["note"]


def test_icons__each_is_in_the_sprite():
    from healthspace.config import env

    sprite = (env.ROOT / "healthspace" / "web" / "static" / "icons.svg").read_text()
    for category in reads.categories().values():
        assert f'id="{category.icon}"' in sprite
