"""What both sides of a desk share: the words of what can be ticked, and paper as an answer."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SCOPES: Final[Mapping[str, str | Promise]] = MappingProxyType(
    {
        "activate": _("Open the record, with the code of the letter"),
        "refuse": _("Refuse the record, or take a refusal back"),
        "close": _("Close the record"),
        "contact": _("Change the e-mail address or the phone number"),
        "emergency": _("Say who may open the record in an emergency"),
        "access": _("Say who may read the record: the attending doctor"),
        "summary": _("Print a health summary"),
        "file": _("Add a paper that the person brought"),
        "documents": _("Read the documents together"),
    }
)
IDENTITY_PAPERS: Final[Mapping[str, str | Promise]] = MappingProxyType(
    {
        "identity_card": _("Identity card"),
        "passport": _("Passport"),
        "residence_permit": _("Residence permit"),
        "driving_licence": _("Driving licence"),
    }
)


def pdf(content: bytes) -> HttpResponse:
    """Paper to print; its name says nothing of anybody."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="document.pdf"'
    return response
