"""HTTP conditions and content types of requests that carry or name a version."""

from __future__ import annotations

import re
from typing import Final

from healthspace.fhir.exchange import Request
from healthspace.fhir.outcome import fault

FHIR: Final = frozenset({"application/fhir+json", "application/json"})
PATCH: Final = frozenset({"application/json-patch+json"})
FORM: Final = frozenset({"application/x-www-form-urlencoded"})
_TAG: Final = re.compile(r'(?:W/)?"([0-9]{1,9})"')
_KEY: Final = re.compile(r"[\x21-\x7e]{1,200}")


def check_type(request: Request, allowed: frozenset[str]) -> None:
    """415 unless the body is of an allowed type, in UTF-8 and not compressed."""
    name, _, rest = request.header("content-type").partition(";")
    charset = rest.replace(" ", "").lower()
    if name.strip().lower() not in allowed or charset not in {"", "charset=utf-8", 'charset="utf-8"'}:
        raise fault(415, "not-supported", f"The body must be {' or '.join(sorted(allowed))} in UTF-8.")
    if request.header("content-encoding").lower() not in {"", "identity"}:
        raise fault(415, "not-supported", "A compressed body is not understood here.")


def is_known(request: Request, version: int) -> bool:
    """Whether the client's If-None-Match names this version, so that 304 is enough."""
    given = request.header("if-none-match")
    return given.strip() == "*" or str(version) in _TAG.findall(given)


def wanted_version(request: Request) -> int | None:
    """The version If-Match asks for; a 400 when it is not one of our tags."""
    given = request.header("if-match").strip()
    if given in {"", "*"}:
        return None
    found = _TAG.fullmatch(given)
    if found is None:
        raise fault(400, "value", 'If-Match is one version, as in W/"1".')
    return int(found[1])


def idempotency_key(request: Request) -> str:
    """The Idempotency-Key as a sender's identifier, or nothing."""
    key = request.header("idempotency-key").strip()
    if not key:
        return ""
    if not _KEY.fullmatch(key):
        raise fault(400, "value", "An Idempotency-Key has 1 to 200 printable ASCII characters.")
    return f"urn:idempotency-key:{key}"


def no_if_none_exist(request: Request) -> None:
    """Conditional create is not needed: the same masterIdentifier is never filed twice."""
    if request.header("if-none-exist"):
        raise fault(412, "not-supported", "If-None-Exist is not understood here.",
                    way_out="The same masterIdentifier is never filed twice.")  # fmt: skip
