"""Our own errors as FHIR tells them; what is refused and what is absent give the same bytes."""

from __future__ import annotations

from typing import Final

from healthspace.common import errors
from healthspace.fhir.outcome import Fault, Issue, not_found

RETRY_SECONDS: Final = "2"
_FIELDS: Final = {
    "source_id": "DocumentReference.masterIdentifier",
    "type_code": "DocumentReference.type",
    "title": "DocumentReference.content[0].attachment.title",
    "content": "DocumentReference.content[0].attachment",
    "media_type": "DocumentReference.content[0].attachment.contentType",
    "confidentiality": "DocumentReference.securityLabel",
    "identity": "DocumentReference.subject",
    "ins": "DocumentReference.subject",
    "made_at": "DocumentReference.content[0].attachment.creation",
    "service_start": "DocumentReference.context.period.start",
    "service_stop": "DocumentReference.context.period.end",
    "replaces": "DocumentReference.relatesTo",
}


def as_fault(error: errors.HealthspaceError) -> Fault:
    """The status and the findings of one of our errors."""
    match error:
        case errors.Refused():
            return not_found()
        case errors.Invalid():
            expression = _FIELDS.get(error.field, "")
            return Fault(422, Issue("invalid", error.message, expression, error.rule, error.way_out))
        case errors.TooLarge():
            return Fault(413, Issue("too-long", f"A document has at most {error.limit_bytes} bytes."))
        case errors.SpaceClosed():
            return Fault(422, Issue("business-rule", "This space takes no deposit.", rule="CLO-1",
                                    way_out="Tell the person; keep the document in your own records."))  # fmt: skip
        case errors.Conflict():
            return Fault(409, Issue("conflict", "Somebody changed it meanwhile, or the identifier is in use."))
        case errors.Unavailable():
            return unavailable()
    return Fault(409, Issue("business-rule", "This cannot be done now.", rule=error.code))


def unavailable() -> Fault:
    """Down or full for a moment: nothing was kept, the same request may be sent again."""
    return Fault(503, Issue("transient", "A part of the product does not answer; try again."),
                 headers={"Retry-After": RETRY_SECONDS})  # fmt: skip
