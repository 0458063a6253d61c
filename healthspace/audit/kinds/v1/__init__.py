"""The first kinds of events."""

from healthspace.audit.kinds.v1 import documents, rights, space

ALL = (*space.ALL, *documents.ALL, *rights.ALL)
