"""The first kinds of events."""

from healthspace.audit.kinds.shape import Kind
from healthspace.audit.kinds.v1 import (
    assistance,
    children,
    desk,
    documents,
    enrolment,
    families,
    helpers,
    mandates,
    providers,
    recovery,
    rights,
    space,
    ways_in,
)

ALL: tuple[Kind, ...] = (
    *space.ALL,
    *enrolment.ALL,
    *children.ALL,
    *desk.ALL,
    *documents.ALL,
    *rights.ALL,
    *mandates.ALL,
)
ALL += assistance.ALL
ALL += helpers.ALL
ALL += families.ALL
ALL += ways_in.ALL
ALL += recovery.ALL
ALL += providers.ALL
