"""Every kind of event the journal knows, by its code; old versions stay for good."""

from healthspace.audit.kinds import v1
from healthspace.audit.kinds.shape import Kind, Line

__all__ = ["KINDS", "Kind", "Line"]

KINDS: dict[str, Kind] = {kind.code: kind for kind in v1.ALL}
