"""The first kinds of events."""

from healthspace.audit.kinds.v1 import children, documents, enrolment, mandates, rights, space

ALL = (*space.ALL, *enrolment.ALL, *children.ALL, *documents.ALL, *rights.ALL, *mandates.ALL)
