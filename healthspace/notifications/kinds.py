"""The kinds of notice and their words: one plain sentence each, with nothing about health in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Kind:
    """`text` is told in the reader's language; `is_mailed` is what holds until the holder chooses."""

    code: str
    text: str | Promise
    is_mailed: bool = True


AUTHOR_KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "document_disowned": Kind(
            "document_disowned",
            _("A document you filed was reported as somebody else's. Check the identity you filed it under."),
            is_mailed=False,
        ),
    }
)
KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        kind.code: kind
        for kind in (
            Kind("space_opened", _("Your health space is open.")),
            Kind("document_deposited", _("A new document was added to your health space.")),
            Kind("document_replaced", _("A document was replaced by a newer version.")),
            Kind("document_deleted", _("A document was removed by whoever had filed it."), is_mailed=False),
            Kind("document_revealed", _("You can now read a document that was not shown before.")),
            Kind("record_opened", _("A professional opened your record."), is_mailed=False),
            Kind("emergency_opened", _("Your record was opened in an emergency.")),
            Kind("access_granted", _("Somebody was given access to your record.")),
            Kind("access_ended", _("Somebody no longer has access to your record."), is_mailed=False),
            Kind("contact_changed", _("Your contact details were changed.")),
        )
    }
)
