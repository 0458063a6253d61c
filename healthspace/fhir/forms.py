"""Query strings and forms."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl

from healthspace.fhir.exchange import Params
from healthspace.fhir.outcome import fault

MAX_FIELDS: Final = 60


def params(query: str) -> Params:
    """The names and values of a query string or form, in UTF-8, without NUL."""
    if not query:
        return ()
    try:
        found = tuple(parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS))
    except ValueError:
        raise fault(400, "value", "The query is not UTF-8, or has too many fields.") from None
    if any("\0" in name or "\0" in value for name, value in found):
        raise fault(400, "value", "The query holds the character NUL.")
    return found
