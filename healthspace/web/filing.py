"""From a form with a file to an order for the documents room; from its answer to words."""

from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from healthspace.common.errors import Conflict, HealthspaceError, Invalid, TooLarge
from healthspace.common.ids import new_id
from healthspace.documents.rules import Author, ClaimedIdentity, Order

PARIS: Final = ZoneInfo("Europe/Paris")
BY_ENDING: Final = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "tif": "image/tiff",
    "tiff": "image/tiff",
    "txt": "text/plain",
    "rtf": "text/rtf",
    "xml": "text/xml",
}


def order(
    *,
    file: "UploadedFile[Any]",
    type_code: str,
    title: str,
    made_on: date,
    confidentiality: frozenset[str],
    authors: tuple[Author, ...] = (),
    person_id: UUID | None = None,
    identity: ClaimedIdentity | None = None,
    replaces: str = "",
) -> Order:
    """The order for one uploaded file; its kind is told by its name, and checked by the room."""
    ending = (file.name or "").rpartition(".")[2].lower()
    return Order(
        type_code=type_code,
        title=" ".join(title.split()),
        media_type=BY_ENDING.get(ending, file.content_type or "application/octet-stream"),
        content=file.read(),
        made_at=datetime.combine(made_on, time(12), tzinfo=PARIS),
        source_id=f"urn:uuid:{new_id()}",
        identity=identity,
        person_id=person_id,
        authors=authors,
        confidentiality=confidentiality,
        replaces=replaces,
    )


def fault(error: HealthspaceError) -> tuple[str, str]:
    """The field of the form and the sentence for an order that was not taken."""
    if isinstance(error, TooLarge):
        megabytes = settings.MAX_DOCUMENT_BYTES // 1_000_000
        return "content", _("This file is too big. The limit is %(limit)d MB.") % {"limit": megabytes}
    if isinstance(error, Conflict):
        return "", _("A newer version already took the place of this document.")
    if isinstance(error, Invalid):
        sentences = {
            "title": _("This name cannot be used. Choose a shorter one, on one line."),
            "made_at": _("This date cannot be right. Check the year."),
            "type_code": _("The file says that it is another kind of document. Choose that kind."),
            "confidentiality": _("These choices do not go together."),
        }
        if error.field in sentences:
            return ("made_on" if error.field == "made_at" else error.field), sentences[error.field]
        if error.field == "content":
            return "content", f"{_(error.message)} {_(error.way_out)}".strip()
    return "content", _(
        "This file cannot be taken: it is damaged, locked, or not of a kind we can show. "
        "Send a PDF, a photo (JPEG, PNG) or a text."
    )
