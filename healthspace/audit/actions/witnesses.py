"""Showing the tree to witnesses outside, so that nobody can rewrite it, not even with its key."""

from __future__ import annotations

import logging
from typing import Final

from django.db import connection

from healthspace.audit import models, reads, rules
from healthspace.audit.adapters import signer as signers
from healthspace.audit.adapters import witness as wire

log = logging.getLogger("healthspace.journal")
SIGNED, CONFLICT, NOT_WHAT_I_SAW = 200, 409, 422
_ADD: Final = (
    "UPDATE audit_checkpoint SET cosignatures = cosignatures || %s WHERE size = %s AND position(%s in cosignatures) = 0"
)
_seen: dict[str, int] = {}


def ask_witnesses() -> int:
    """Show the newest checkpoint to each witness and keep what they sign; how many signed anew.

    For the worker's role. A witness that saw another history is told in the log, loudly.
    """
    newest = models.Checkpoint.objects.order_by("-size").first()
    if newest is None:
        return 0
    asked = [witness for witness in wire.witnesses() if f" {witness.name} " not in newest.cosignatures]
    return sum(_ask(witness, newest.size, newest.note) for witness in asked)


def _ask(witness: wire.Witness, size: int, note: str) -> bool:
    old_size = _seen.get(witness.name, 0)
    answer = wire.submit(witness, old_size, reads.consistency(old_size, size), note)
    if answer.status == CONFLICT and answer.text.strip().isdecimal():
        old_size = int(answer.text)
        if old_size > size:
            log.error("a witness saw a longer journal than ours", extra={"task": witness.name})
            return False
        answer = wire.submit(witness, old_size, reads.consistency(old_size, size), note)
    if answer.status == SIGNED:
        return _keep(witness, size, note, answer.text)
    if answer.status in {CONFLICT, NOT_WHAT_I_SAW}:
        log.error("a witness saw another history of the journal", extra={"task": witness.name})
    else:
        log.warning("a witness did not sign", extra={"task": witness.name, "status": answer.status})
    return False


def _keep(witness: wire.Witness, size: int, note: str, text: str) -> bool:
    read = rules.parse_checkpoint(note + text)
    for name, key_id, signature in read.signatures:
        if (name, key_id) == (witness.name, witness.key_id) and _is_theirs(witness, read.body, signature):
            line = rules.signature_line(name, key_id, signature)
            with connection.cursor() as cursor:
                cursor.execute(_ADD, [line, size, line])
            _seen[witness.name] = size
            return True
    log.warning("a witness answered with a signature that is not its own", extra={"task": witness.name})
    return False


def _is_theirs(witness: wire.Witness, body: bytes, signature: bytes) -> bool:
    """C2SP tlog-cosignature: eight bytes of time, then Ed25519 over header, time and checkpoint."""
    at = int.from_bytes(signature[:8], "big")
    message = f"cosignature/v1\ntime {at}\n".encode() + body
    return signers.signer().verify(signature[8:], message, witness.key)
