"""Help at a desk: told with the helper's name and the desk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from django.utils.translation import gettext_lazy as _

from healthspace.audit.kinds.shape import Kind, Line, Text


@dataclass(frozen=True, slots=True)
class AssistanceStarted(Kind):
    code = "assistance_started"
    by_holder = _("You began a session of help at a desk.")
    by_other = _("%(actor)s began to help you at a desk, with your consent, for 30 minutes.")
    refused = _("%(actor)s wanted to help you at a desk and was refused.")
    papers: ClassVar[Mapping[str, Text]] = {
        "identity_card": _("The identity card was shown."),
        "passport": _("The passport was shown."),
        "residence_permit": _("The residence permit was shown."),
        "driving_licence": _("The driving licence was shown."),
    }

    def tell(self, line: Line) -> str:
        told = Kind.tell(self, line)
        seen = self.papers.get(line.details.get("paper", "")) if line.outcome != "refused" else None
        return f"{told} {seen}" if seen else told


@dataclass(frozen=True, slots=True)
class AssistanceEnded(Kind):
    code = "assistance_ended"
    by_holder = _("You ended a session of help at a desk.")
    by_other = _("%(actor)s ended a session of help at a desk.")
    refused = _("%(actor)s wanted to end a session of help at a desk and was refused.")


@dataclass(frozen=True, slots=True)
class SummaryPrinted(Kind):
    code = "summary_printed"
    by_holder = _("You printed a summary of the record.")
    by_other = _("%(actor)s printed a summary of the record for you.")
    refused = _("%(actor)s wanted to print a summary of the record and was refused.")


@dataclass(frozen=True, slots=True)
class FormPrinted(Kind):
    code = "form_printed"
    by_holder = _("You printed a paper form.")
    by_other = _("%(actor)s printed a paper form for you.")
    refused = _("%(actor)s wanted to print a paper form and was refused.")


@dataclass(frozen=True, slots=True)
class FormTakenIn(Kind):
    code = "form_taken_in"
    by_holder = _("A paper form that you signed came back and was carried out.")
    by_other = _("%(actor)s took in a paper form that you signed, and carried it out.")
    refused = _("%(actor)s could not carry out a paper form.")
    printed = _("A paper form that %(who)s printed came back with a signature and was carried out.")

    def tell(self, line: Line) -> str:
        by = line.details.get("printed_by", "")
        return str(self.printed) % {"who": by} if by and line.outcome != "refused" else Kind.tell(self, line)


ALL: Final = (AssistanceStarted(), AssistanceEnded(), SummaryPrinted(), FormPrinted(), FormTakenIn())
