"""Style sheets, fonts and icons, read once and served by the product itself.

Every address holds a digest of the content, so that browsers keep it for a year.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse

FOLDER = Path(__file__).parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
LINK = re.compile(r"url\(([\w./-]+)\)")
SMALLEST_WORTH_PACKING = 200


@dataclass(frozen=True, slots=True)
class Asset:
    address: str
    content_type: str
    body: bytes
    packed: bytes | None


def _address(name: str, body: bytes) -> str:
    stem, _, suffix = name.rpartition(".")
    digest = hashlib.sha256(body).hexdigest()[:12]
    return f"/static/{stem}.{digest}.{suffix}"


def _with_linked_addresses(name: str, body: bytes) -> bytes:
    if not name.endswith(".css"):
        return body
    return LINK.sub(lambda m: f"url({address(m.group(1))})", body.decode()).encode()


@cache
def asset(name: str) -> Asset:
    """The file of that name below static/, with its lasting address."""
    path = FOLDER.joinpath(*name.split("/"))  # splitting also turns a template's own text type into str
    body = _with_linked_addresses(name, path.read_bytes())
    is_packable = path.suffix != ".woff2" and len(body) > SMALLEST_WORTH_PACKING
    packed = gzip.compress(body, 9, mtime=0) if is_packable else None
    return Asset(_address(name, body), TYPES[path.suffix], body, packed)


def address(name: str) -> str:
    """Where a page finds the file of that name."""
    return asset(name).address


@cache
def _by_address() -> dict[str, Asset]:
    names = [path.relative_to(FOLDER).as_posix() for path in sorted(FOLDER.rglob("*")) if path.suffix in TYPES]
    return {found.address: found for found in map(asset, names)}


def serve(request: HttpRequest, name: str) -> HttpResponse:
    """One file, to be kept by the browser for a year."""
    found = _by_address().get(f"/static/{name}")
    if found is None:
        raise Http404
    is_packed = found.packed is not None and "gzip" in request.headers.get("Accept-Encoding", "")
    body = found.packed if is_packed and found.packed is not None else found.body
    response = HttpResponse(body, content_type=found.content_type)
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    if found.packed is not None:
        response["Vary"] = "Accept-Encoding"
    if is_packed:
        response["Content-Encoding"] = "gzip"
    return response
