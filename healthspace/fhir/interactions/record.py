"""Creating a record for somebody, as software did before the health space: no longer done by anybody (ENR-10)."""

from __future__ import annotations

from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.fhir.exchange import Answer, Request
from healthspace.fhir.outcome import Fault, Issue
from healthspace.journeys.takeover import takeover_on

SINCE = "Since {day} nobody creates records: the law opens a health space for everybody who does not refuse."
ALWAYS = "Nobody creates records here: the law opens a health space for everybody who does not refuse."


def create(request: Request, actor: Actor, first: str, second: str) -> Answer:
    """Always refused, and said why, alike for everybody and whomever it is about."""
    last_day = takeover_on()
    text = SINCE.format(day=last_day.isoformat()) if last_day and last_day <= clock.today() else ALWAYS
    way_out = "File the documents: they go into the person's health space once it is open."
    raise Fault(422, Issue("business-rule", text, "Patient", "ENR-10", way_out))
