"""Deposits for tests: real small PDF files made here, each one different."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from reportlab.pdfgen import canvas

from healthspace.documents.rules import Author, ClaimedIdentity, Order


def pdf(text: str = "", pages: int = 1) -> bytes:
    """A valid PDF that says `text`, unlike any other."""
    out = io.BytesIO()
    page = canvas.Canvas(out)
    for number in range(pages):
        page.drawString(72, 720, f"{text} {uuid4()} {number + 1}")
        page.showPage()
    page.save()
    return out.getvalue()


def order(holder: Any, **changes: Any) -> Order:
    """A report for this person of the cast, as a hospital would send it."""
    given: dict[str, Any] = {
        "type_code": "11490-0",
        "title": "Lettre de sortie",
        "media_type": "application/pdf",
        "content": pdf(),
        "made_at": datetime(2026, 11, 2, 9, 30, tzinfo=UTC),
        "source_id": f"urn:uuid:{uuid4()}",
        "identity": ClaimedIdentity(holder.ins, holder.traits),
        "authors": (Author(name="Dr Linh Nguyen", institution="Rivemont hospital"),),
    }
    return Order(**(given | changes))


def own_order(holder: Any, **changes: Any) -> Order:
    """A paper that the holder files themselves."""
    given = {"identity": None, "person_id": holder.person_id, "type_code": "DOCPAT03", "title": "Un papier"}
    return order(holder, **(given | changes))
