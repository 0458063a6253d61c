"""The first kinds of events."""

from healthspace.audit.kinds.v1 import (
    assistance,
    children,
    desk,
    documents,
    enrolment,
    helpers,
    mandates,
    rights,
    space,
)

ALL = (*space.ALL, *enrolment.ALL, *children.ALL, *desk.ALL, *documents.ALL, *rights.ALL, *mandates.ALL)
ALL += assistance.ALL
ALL += helpers.ALL
