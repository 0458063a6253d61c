"""A patient's history of reimbursed care, for professionals whom the law and the patient let."""

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from healthspace.common.errors import Refused
from healthspace.profile import reads
from healthspace.profile.rules import CareLine
from healthspace.web import care
from healthspace.web.audience import for_professional
from healthspace.web.middleware import WebRequest
from healthspace.web.professional import patient
from healthspace.web.professional.reading import or_no_record


@require_safe
@for_professional
@or_no_record
def history(request: WebRequest, person_id: UUID) -> HttpResponse:
    """One table; what is hidden looks like what is not there."""
    banner = patient.of(request, person_id)
    lines: tuple[CareLine, ...] = ()
    try:
        lines = reads.care_history(actor=request.actor, person_id=person_id).lines
    except Refused:
        pass
    return patient.render(request, "care", {"patient": banner, **care.shown(lines, request.GET)})
