"""Code systems and URLs the door speaks: HL7, IHE MHD and the French PDSm profile."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

_NOS: Final = "https://mos.esante.gouv.fr/NOS"
LOINC: Final = "http://loinc.org"
TYPES: Final = f"{_NOS}/TRE_A05-TypeDocComplementaire/FHIR/TRE-A05-TypeDocComplementaire"
CLASSES: Final = f"{_NOS}/TRE_A03-ClasseDocument/FHIR/TRE-A03-ClasseDocument"
VISIBILITY: Final = f"{_NOS}/TRE_A07-StatusVisibiliteDocument/FHIR/TRE-A07-StatusVisibiliteDocument"
CONFIDENTIALITY: Final = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
FORMATS: Final = f"{_NOS}/TRE_A11-IheFormatCode/FHIR/TRE-A11-IheFormatCode"
SETTINGS: Final = f"{_NOS}/TRE_A01-CadreExercice/FHIR/TRE-A01-CadreExercice"
NOT_PROFESSIONAL: Final = f"{_NOS}/TRE_A00-ProducteurDocNonPS/FHIR/TRE-A00-ProducteurDocNonPS"
FACILITIES: Final = f"{_NOS}/TRE_R02-SecteurActivite/FHIR/TRE-R02-SecteurActivite"
LIST_TYPES: Final = "https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes"
RPPS: Final = "https://rpps.esante.gouv.fr"
FINESS: Final = "https://finess.esante.gouv.fr"
NATIONAL_PERSON: Final = "urn:oid:1.2.250.1.71.4.2.1"
NATIONAL_PLACE: Final = "urn:oid:1.2.250.1.71.4.2.2"
UNIQUE_ID: Final = "urn:ietf:rfc:3986"
INS_AUTHORITIES: Final = tuple(f"urn:oid:1.2.250.1.213.1.4.{last}" for last in (8, 9, 10, 11))

PDSM: Final = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition"
COMPREHENSIVE: Final = f"{PDSM}/pdsm-comprehensive-document-reference"
SIMPLIFIED: Final = f"{PDSM}/pdsm-simplified-publish"
SUBMISSION_SET: Final = f"{PDSM}/pdsm-submissionset-comprehensive"
FOLDER: Final = f"{PDSM}/pdsm-folder-comprehensive"
IS_ARCHIVED: Final = f"{PDSM}/pdsm-ext-is-archived"
FR_PATIENT: Final = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-patient"
BIRTH_PLACE: Final = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace"
INSEE_CODE: Final = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-address-insee-code"
COMMUNES: Final = f"{_NOS}/TRE_R13-Commune/FHIR/TRE-R13-Commune"
BIRTH_FIRST_NAMES: Final = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-patient-birth-list-given-name"
IDENTITY_RELIABILITY: Final = "https://hl7.fr/ig/fhir/core/StructureDefinition/fr-core-identity-reliability"

_LOINC_CODE: Final = re.compile(r"\d{1,7}-\d")


def type_system(code: str) -> str:
    """The system of a document type: LOINC, or the French complement."""
    return LOINC if _LOINC_CODE.fullmatch(code) else TYPES


def setting_system(code: str) -> str:
    """The system of a practice setting or facility that is not a professional's, else the usual."""
    return NOT_PROFESSIONAL if code in {"EXP_PATIENT", "SNR"} else SETTINGS


def facility_system(code: str) -> str:
    """The system of a facility type."""
    return NOT_PROFESSIONAL if code in {"EXP_PATIENT", "SNR"} else FACILITIES


def label_system(code: str) -> str:
    """The system of a confidentiality code: HL7's for N, R and V, else the French one."""
    return CONFIDENTIALITY if code in {"N", "R", "V"} else VISIBILITY


def concept(system: str, code: str, display: str = "") -> dict[str, Any]:
    """A CodeableConcept of one coding."""
    coding = {"system": system, "code": code}
    return {"coding": [{**coding, "display": display} if display else coding]}


def codings(value: Any) -> list[Mapping[str, str]]:
    """The codings of a CodeableConcept that was checked before, or none."""
    return list(value.get("coding", ())) if isinstance(value, dict) else []


def pick(value: Any, systems: Iterable[str]) -> str:
    """The first code of a concept in one of these systems, or nothing."""
    wanted = frozenset(systems)
    return next((c["code"] for c in codings(value) if c.get("system") in wanted and c.get("code")), "")
