"""Rules of clinical entries, in plain Python (domain 3.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from healthspace.common.errors import Invalid

KEPT_TYPES: Final = frozenset(
    {
        "AllergyIntolerance",
        "CarePlan",
        "CareTeam",
        "Condition",
        "Consent",
        "Device",
        "DiagnosticReport",
        "Encounter",
        "FamilyMemberHistory",
        "Flag",
        "Goal",
        "ImagingStudy",
        "Immunization",
        "MedicationAdministration",
        "MedicationDispense",
        "MedicationRequest",
        "MedicationStatement",
        "Observation",
        "Procedure",
        "QuestionnaireResponse",
        "RelatedPerson",
        "ServiceRequest",
        "Specimen",
    }
)
"""FHIR R4 resources of the Patient compartment that say something of a person's health."""
SOURCE_LIMIT: Final = 255


def source_of(resource: Mapping[str, Any]) -> str:
    """The sender's own name of a resource: its type and id; `Invalid` without one."""
    kind, name = resource.get("resourceType"), resource.get("id")
    if not isinstance(kind, str) or kind not in KEPT_TYPES:
        raise Invalid("resourceType", "PROFILE-1", "This kind of resource is not kept.", "Send a clinical resource.")
    if not isinstance(name, str) or not 0 < len(name) <= SOURCE_LIMIT:
        raise Invalid("id", "PROFILE-2", "The resource needs an id of its sender.", "Give Resource.id.")
    return f"{kind}/{name}"
