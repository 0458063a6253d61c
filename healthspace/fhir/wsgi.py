"""The door as a bare WSGI application: no framework between the server and the rooms.

`django.setup()` has been called before this module is imported (config.wsgi_fhir).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from healthspace.fhir import certificates, forms, outcome, service
from healthspace.fhir.exchange import Answer, Request
from healthspace.fhir.outcome import Fault, fault

ROOT: Final = "/fhir"
HEADERS: Final = {
    "CONTENT_TYPE": "content-type",
    "HTTP_ACCEPT": "accept",
    "HTTP_AUTHORIZATION": "authorization",
    "HTTP_CONTENT_ENCODING": "content-encoding",
    "HTTP_IDEMPOTENCY_KEY": "idempotency-key",
    "HTTP_IF_MATCH": "if-match",
    "HTTP_IF_MODIFIED_SINCE": "if-modified-since",
    "HTTP_IF_NONE_EXIST": "if-none-exist",
    "HTTP_IF_NONE_MATCH": "if-none-match",
    "HTTP_PREFER": "prefer",
}
_REASONS: Final = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}
Start = Callable[[str, list[tuple[str, str]]], Any]


def application(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    """One HTTP request, answered whole."""
    found = _answer(environ)
    found.headers["Content-Length"] = str(len(found.body))
    start_response(_REASONS[found.status], list(found.headers.items()))
    return [found.body]


def _answer(environ: dict[str, Any]) -> Answer:
    try:
        body = _body(environ)
        request = Request(
            method=environ["REQUEST_METHOD"],
            path=_path(environ["PATH_INFO"]),
            query=forms.params(environ.get("QUERY_STRING", "")),
            headers=_headers(environ),
            body=body,
            base=_base(environ),
        )
    except Fault as stop:
        found = outcome.answer(stop)
        found.headers.update(service.PRIVATE)
        return found
    return service.answer(request)


def _headers(environ: dict[str, Any]) -> dict[str, str]:
    """The headers that mean something here; the client certificate only under the name that the operator gave."""
    found = {ours: environ[theirs] for theirs, ours in HEADERS.items() if theirs in environ}
    certificate = environ.get(settings.CLIENT_CERTIFICATE_KEY) if settings.CLIENT_CERTIFICATE_KEY else None
    return found | ({certificates.HEADER: certificate} if certificate else {})


def _path(path: str) -> str:
    if path == ROOT:
        return ""
    if not path.startswith(ROOT + "/"):
        raise outcome.not_found()
    return path[len(ROOT) + 1 :]


def _body(environ: dict[str, Any]) -> bytes:
    if environ["REQUEST_METHOD"] in {"GET", "HEAD", "OPTIONS"}:
        return b""
    limit = service.body_limit()
    declared = environ.get("CONTENT_LENGTH") or ("0" if "HTTP_TRANSFER_ENCODING" not in environ else str(limit))
    if not declared.isascii() or not declared.isdecimal() or len(declared) > 15:
        raise fault(400, "structure", "Content-Length is not a number.")
    if int(declared) > limit:
        raise fault(413, "too-long", f"A body has at most {limit} bytes.")
    body: bytes = environ["wsgi.input"].read(int(declared))
    if len(body) >= limit:
        raise fault(413, "too-long", f"A body has at most {limit} bytes.")
    return body


def _base(environ: dict[str, Any]) -> str:
    host = environ.get("HTTP_HOST") or f"{environ['SERVER_NAME']}:{environ['SERVER_PORT']}"
    if not _is_ours(host):
        raise fault(400, "value", "This host name is not ours.")
    header, secure = settings.SECURE_PROXY_SSL_HEADER or ("", "")
    scheme = "https" if header and environ.get(header) == secure else environ["wsgi.url_scheme"]
    return f"{scheme}://{host}{ROOT}"


@lru_cache(maxsize=64)
def _is_ours(host: str) -> bool:
    domain, _ = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)
