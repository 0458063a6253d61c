"""Level 3 letters and summaries: discharge, imaging, medical summary; and level 1 around a file."""

from base64 import b64encode
from dataclasses import dataclass, replace

from lxml import etree

from healthspace.demo.make.head import document
from healthspace.demo.make.markup import (
    ACT_CODE,
    CIM10,
    SNOMED,
    Child,
    code,
    day,
    el,
    mark,
    reference,
    section,
    table,
    template,
)
from healthspace.demo.make.medicines import Line, dosage, formulary, manufactured, route_code
from healthspace.demo.make.numbers import stable_id
from healthspace.demo.make.parts import Header

CONCERN = ("2.16.840.1.113883.10.20.1.27", "1.3.6.1.4.1.19376.1.5.3.1.4.5.1")


@dataclass(frozen=True, slots=True)
class Problem:
    """A disease with its ICD-10 code and the date it began (as CDA writes it: year, month or day)."""

    icd10: str
    label: str
    since: str


@dataclass(frozen=True, slots=True)
class Allergy:
    """An agent and what it does."""

    agent: str
    reaction: str
    since: str


@dataclass(frozen=True, slots=True)
class Stay:
    """The story of a hospital stay, in sections."""

    reason: str
    story: tuple[str, ...]
    problem: Problem
    treatments: tuple[Line, ...]
    follow_up: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Examination:
    """An imaging examination."""

    name: str
    reason: str
    technique: str
    findings: tuple[str, ...]
    conclusion: str


@dataclass(frozen=True, slots=True)
class Portrait:
    """What a medical summary says of a person."""

    problems: tuple[Problem, ...]
    history: tuple[str, ...]
    allergies: tuple[Allergy, ...]
    family: tuple[str, ...]
    treatments: tuple[Line, ...]
    watch: tuple[str, ...]


def paragraphs(texts: tuple[str, ...]) -> list[Child]:
    """One paragraph for each text."""
    return [el("paragraph", text) for text in texts]


def discharge(header: Header, stay: Stay) -> bytes:
    """The letter at the end of a hospital stay (model LDL-SES)."""
    complete = replace(header, models=("1.2.250.1.213.1.1.1.29",), encounter="IMP")
    body = el(
        "structuredBody",
        section("42349-1", "Motif d’hospitalisation", [el("paragraph", stay.reason)], [], "1.2.250.1.213.1.1.2.36"),
        section("42545-4", "Synthèse médicale du séjour", paragraphs(stay.story), [], "1.2.250.1.213.1.1.2.38"),
        _problems(header, (stay.problem,), "11450-4", "Diagnostic retenu"),
        _treatments(header, stay.treatments, "10183-2", "Traitements à la sortie"),
        section("18776-5", "Suite à donner", [bullets(stay.follow_up)], [], "1.2.250.1.213.1.1.2.158"),
    )
    return document(complete, body)


def imaging(header: Header, examination: Examination) -> bytes:
    """An imaging report (model CR-IMG)."""
    complete = replace(header, models=("1.2.250.1.213.1.1.1.45",))
    body = el(
        "structuredBody",
        section("55115-0", "Demande d’examen", [el("paragraph", examination.reason)], []),
        section("55111-9", "Examen réalisé", [el("paragraph", f"{examination.name}. {examination.technique}")], []),
        section("59776-5", "Résultats", paragraphs(examination.findings), [_finding(header, examination)]),
        section("19005-8", "Conclusion", [el("paragraph", mark("conclusion", examination.conclusion))], []),
    )
    return document(complete, body)


def summary(header: Header, portrait: Portrait) -> bytes:
    """The attending doctor's medical summary (model VSM)."""
    complete = replace(header, models=("1.2.250.1.213.1.1.1.13",))
    body = el(
        "structuredBody",
        _problems(header, portrait.problems, "11450-4", "Problèmes actifs"),
        section("11348-0", "Antécédents médicaux", [bullets(portrait.history)], []),
        _allergies(header, portrait.allergies),
        section("10157-6", "Antécédents familiaux", [bullets(portrait.family)], []),
        _treatments(header, portrait.treatments, "10160-0", "Traitements en cours"),
        section("44944-7", "Points de vigilance", [bullets(portrait.watch)], []),
    )
    return document(complete, body)


def level_one(header: Header, content: bytes, media_type: str) -> bytes:
    """A CDA level 1: the header around a whole file in base 64."""
    text = el("text", b64encode(content).decode(), mediaType=media_type, representation="B64")
    return document(header, el("nonXMLBody", text))


def bullets(texts: tuple[str, ...]) -> etree._Element:
    """A list, or a plain sentence when there is nothing to list."""
    if not texts:
        return el("paragraph", "Rien à signaler.")
    return el("list", *(el("item", text) for text in texts))


def _problems(header: Header, problems: tuple[Problem, ...], loinc: str, title: str) -> etree._Element:
    rows: list[tuple[Child, ...]] = [
        (mark(f"pb-{place}", one.label), one.icd10, one.since[:4]) for place, one in enumerate(problems, 1)
    ]
    text: Child = table(("Maladie", "Code CIM-10", "Depuis"), rows) if rows else bullets(())
    entries = [_problem(header, one, place) for place, one in enumerate(problems, 1)]
    models = ("2.16.840.1.113883.10.20.1.11", "1.3.6.1.4.1.19376.1.5.3.1.3.6", "1.2.250.1.213.1.1.2.132")
    return section(loinc, title, [text], entries, *models)


def _problem(header: Header, one: Problem, place: int) -> etree._Element:
    observed = el(
        "observation",
        *template("2.16.840.1.113883.10.20.1.28", "1.3.6.1.4.1.19376.1.5.3.1.4.5", "1.2.250.1.213.1.1.3.37"),
        el("id", root=str(stable_id(header.unique_id, "problem", str(place))).upper()),
        code("55607006", "Problème", SNOMED),
        reference(f"pb-{place}"),
        el("statusCode", code="completed"),
        el("effectiveTime", el("low", value=one.since)),
        el("value", xsi_type="CD", code=one.icd10, displayName=one.label, codeSystem=CIM10),
        classCode="OBS",
        moodCode="EVN",
        negationInd="false",
    )
    models = (*CONCERN, "1.3.6.1.4.1.19376.1.5.3.1.4.5.2", "1.2.250.1.213.1.1.3.39")
    return _concern(header, f"concern-{place}", observed, one.since, models)


def _concern(
    header: Header, word: str, observed: etree._Element, since: str, models: tuple[str, ...]
) -> etree._Element:
    act = el(
        "act",
        *template(*models),
        el("id", root=str(stable_id(header.unique_id, word)).upper()),
        el("code", nullFlavor="NA"),
        el("statusCode", code="active"),
        el("effectiveTime", el("low", value=since)),
        el("entryRelationship", observed, typeCode="SUBJ", inversionInd="false"),
        classCode="ACT",
        moodCode="EVN",
    )
    return el("entry", act)


def _allergies(header: Header, allergies: tuple[Allergy, ...]) -> etree._Element:
    rows: list[tuple[Child, ...]] = [
        (mark(f"al-{place}", one.agent), one.reaction, one.since) for place, one in enumerate(allergies, 1)
    ]
    text: Child = table(("Agent responsable", "Réaction", "Depuis"), rows) if rows else bullets(())
    entries = [_allergy(header, one, place) for place, one in enumerate(allergies, 1)]
    models = ("2.16.840.1.113883.10.20.1.2", "1.3.6.1.4.1.19376.1.5.3.1.3.13", "1.2.250.1.213.1.1.2.137")
    return section("48765-2", "Allergies et hypersensibilités", [text], entries, *models)


def _allergy(header: Header, one: Allergy, place: int) -> etree._Element:
    agent = el(
        "participantRole",
        el("playingEntity", el("name", one.agent), classCode="MMAT"),
        classCode="MANU",
    )
    observed = el(
        "observation",
        *template("2.16.840.1.113883.10.20.1.18", "1.3.6.1.4.1.19376.1.5.3.1.4.6", "1.2.250.1.213.1.1.3.41"),
        el("id", root=str(stable_id(header.unique_id, "allergy", str(place))).upper()),
        code("419199007", "Allergie à une substance", SNOMED),
        reference(f"al-{place}"),
        el("statusCode", code="completed"),
        el("effectiveTime", el("low", value=one.since)),
        el("value", xsi_type="CD", nullFlavor="UNK"),
        el("participant", agent, typeCode="CSM"),
        classCode="OBS",
        moodCode="EVN",
        negationInd="false",
    )
    models = (*CONCERN, "1.3.6.1.4.1.19376.1.5.3.1.4.5.3", "1.2.250.1.213.1.1.3.40")
    return _concern(header, f"allergies-{place}", observed, one.since, models)


def _treatments(header: Header, lines: tuple[Line, ...], loinc: str, title: str) -> etree._Element:
    rows: list[tuple[Child, ...]] = [
        (mark(f"tt-{place}", formulary()[line.key]["name"]), dosage(line)) for place, line in enumerate(lines, 1)
    ]
    text: Child = table(("Médicament", "Posologie"), rows) if rows else bullets(())
    entries = [_treatment(header, line, place) for place, line in enumerate(lines, 1)]
    models = ("2.16.840.1.113883.10.20.1.8", "1.3.6.1.4.1.19376.1.5.3.1.3.19", "1.2.250.1.213.1.1.2.143")
    return section(loinc, title, [text], entries, *models)


def _treatment(header: Header, line: Line, place: int) -> etree._Element:
    medicine = formulary()[line.key]
    given = el(
        "substanceAdministration",
        *template("2.16.840.1.113883.10.20.1.24", "1.3.6.1.4.1.19376.1.5.3.1.4.7", "1.2.250.1.213.1.1.3.42"),
        el("id", root=str(stable_id(header.unique_id, "treatment", str(place))).upper()),
        code("DRUG", "Médicament", ACT_CODE),
        reference(f"tt-{place}"),
        el("statusCode", code="completed"),
        el("effectiveTime", el("low", value=day(line.start)), xsi_type="IVL_TS"),
        route_code(medicine["route"]),
        el("consumable", manufactured(medicine["atc"], medicine["name"])),
        classCode="SBADM",
        moodCode="EVN",
    )
    return el("entry", given)


def _finding(header: Header, examination: Examination) -> etree._Element:
    observed = el(
        "observation",
        el("id", root=str(stable_id(header.unique_id, "finding")).upper()),
        code("19005-8", "Conclusion de l’examen d’imagerie"),
        reference("conclusion"),
        el("statusCode", code="completed"),
        el("value", examination.conclusion, xsi_type="ST"),
        classCode="OBS",
        moodCode="EVN",
    )
    return el("entry", observed)
