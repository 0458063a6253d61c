"""Errors that the doors know how to tell; their text never holds anything personal."""

from __future__ import annotations

from uuid import UUID


class HealthspaceError(Exception):
    """Root of our errors; `code` is stable and made for machines."""

    code = "error"


class Refused(HealthspaceError):
    """Not allowed, or not there: outsiders cannot tell which (decision 20)."""

    code = "refused"

    def __init__(self, rule: str = "ABSENT") -> None:
        super().__init__("refused")
        self.rule = rule


class Invalid(HealthspaceError):
    """Bad input: names the field, the rule it breaks and the way out."""

    code = "invalid"

    def __init__(self, field: str, rule: str, message: str, way_out: str = "") -> None:
        super().__init__(message)
        self.field = field
        self.rule = rule
        self.message = message
        self.way_out = way_out


class SpaceClosed(HealthspaceError):
    """The person opposed, closed or never had a space: nothing may be filed (CSP R1111-36)."""

    code = "space-closed"


class Conflict(HealthspaceError):
    """Somebody changed it meanwhile, or the same key was used for something else."""

    code = "conflict"


class TooLarge(HealthspaceError):
    """More bytes than the product takes."""

    code = "too-large"

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(f"more than {limit_bytes} bytes")
        self.limit_bytes = limit_bytes


class Quarantined(HealthspaceError):
    """Kept apart until a person looks at it (ID-1, T52)."""

    code = "quarantined"

    def __init__(self, reason: str, quarantine_id: UUID) -> None:
        super().__init__(reason)
        self.reason = reason
        self.quarantine_id = quarantine_id


class Unavailable(HealthspaceError):
    """A part the act needs is down or full; try again later."""

    code = "unavailable"


class StillAway(Unavailable):
    """What was kept before a refusal still lies in the archive; the worker brings it back within a minute."""

    code = "still-away"
