"""Closing what was kept from before for somebody whose refusal can no longer be undone (ENR-10)."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.db import transaction

from healthspace.common import fault
from healthspace.documents import reads as documents
from healthspace.enrolment.actions import content
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces


def close(*, person_id: UUID) -> bool:
    """Put an older record and a history of care into the archive for ten years; False when it is not due.

    For the worker's role. Who refused and has neither stays as they are.
    """
    with transaction.atomic(durable=True):
        set_context(person_id)
        has_content = content.has_content(person_id) or documents.has_documents(person_id)
        reseal = partial(content.reseal, person_id)
        done = spaces.close_refused(person_id=person_id, has_content=has_content, reseal=reseal)
        fault.point("refused.before_commit")
    return done
