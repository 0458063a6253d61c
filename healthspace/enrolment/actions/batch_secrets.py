"""The secret of a batch: its codes come from it, so that the batch can be made again until its window is over."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Final

from healthspace.common import clock
from healthspace.common.errors import Conflict
from healthspace.enrolment.models import Batch
from healthspace.enrolment.rules.codes import SECRET_BYTES
from healthspace.vault import actions as vault

PURPOSE: Final = "batch"


def new() -> tuple[bytes, bytes]:
    """A fresh secret, plain and sealed."""
    secret = secrets.token_bytes(SECRET_BYTES)
    return secret, vault.seal_secret(secret, purpose=PURPOSE)


def secret_of(batch: Batch) -> bytes:
    """The secret of a batch; Conflict once it is forgotten."""
    if not batch.sealed_secret:
        raise Conflict("the codes of this batch are past: it cannot be made again")
    return vault.open_secret(bytes(batch.sealed_secret), purpose=PURPOSE)


def forget(*, at: datetime | None = None) -> int:
    """Empty the secrets of batches whose window is over: their codes cannot be made again; how many."""
    over = Batch.objects.filter(deadline_at__lte=at or clock.now()).exclude(sealed_secret=b"")
    return over.update(sealed_secret=b"")
