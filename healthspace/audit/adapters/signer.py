"""The signer that the settings name; the vault's, unless an operator keeps the key elsewhere."""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from healthspace.audit.ports import Signer

OURS = "healthspace.vault.actions.JournalSigner"


@lru_cache(maxsize=1)
def signer() -> Signer:
    """Whoever signs the journal's checkpoints."""
    return cast("Signer", import_string(getattr(settings, "JOURNAL_SIGNER", OURS))())


def origin() -> str:
    """The journal's name in its checkpoints (C2SP tlog-checkpoint); never changes."""
    return str(getattr(settings, "JOURNAL_ORIGIN", "healthspace/journal"))
