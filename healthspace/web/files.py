"""Bytes of documents as answers: originals to keep, safe copies to look at."""

from datetime import date
from typing import Final

from django.http import HttpResponse
from django.utils.http import content_disposition_header

ENDINGS: Final = {
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/tiff": "tif",
    "image/webp": "webp",
    "text/plain": "txt",
    "text/rtf": "rtf",
    "application/rtf": "rtf",
    "text/xml": "xml",
    "application/xml": "xml",
}
# No script, no form, no request to anywhere, in a place of its own (security.md 3.7).
SEALED_OFF: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
# Browsers show no PDF inside a sandbox; the copy has lost every action, and nothing may be fetched.
SEALED_OFF_PDF: Final = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'"


def original(content: bytes, media_type: str, made_on: date) -> HttpResponse:
    """The file as it was filed, to be saved; its name holds no health word."""
    ending = ENDINGS.get(media_type.partition(";")[0].strip(), "bin")
    response = HttpResponse(content, content_type="application/octet-stream")
    name = f"document-{made_on.isoformat()}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return _sealed_off(response, SEALED_OFF)


def attachment(content: bytes, name: str) -> HttpResponse:
    """A file to be saved under its own name, which is plain letters and digits; shown by no browser."""
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return _sealed_off(response, SEALED_OFF)


def copy(body: bytes, media_type: str) -> HttpResponse:
    """A safe copy, to be looked at."""
    kind = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
    response = HttpResponse(body, content_type=kind)
    response["Content-Disposition"] = "inline"
    return _sealed_off(response, SEALED_OFF_PDF if media_type == "application/pdf" else SEALED_OFF)


def _sealed_off(response: HttpResponse, policy: str) -> HttpResponse:
    # django-csp adds no policy of its own to an answer that carries one
    response["Content-Security-Policy"] = policy
    response["X-Content-Type-Options"] = "nosniff"
    return response
