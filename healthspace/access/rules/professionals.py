"""Professionals and structures."""

from __future__ import annotations

from healthspace.access.guarded import Guarded
from healthspace.access.rules.terms import (
    AUTHOR,
    CONSULT_ASKS,
    READ,
    REVEAL,
    Asker,
    Decision,
    allow,
    deny,
    is_author,
)


def professional(asker: Asker, ask: str, item: Guarded | None) -> Decision:
    """By authorship, block, attending, emergency, authorisation, mask and matrix, in this order (4.2)."""
    if item is None:
        return _professional_space(asker, ask)
    if is_author(asker, item):
        return _own_deposit(ask)
    if ask in AUTHOR:
        return deny("ACC-8A")
    if asker.is_blocked:
        return deny("ACC-10")
    if ask in READ:
        return _read(asker, item)
    if ask == "mask" or ask in REVEAL:
        return _change_for_others(asker, item)
    return deny("ACC-17" if ask == "unmask" else "DEFAULT")


def _own_deposit(ask: str) -> Decision:
    """What one filed stays readable and correctable; a mask is the person's to lift (ACC-17)."""
    if ask == "mask" or ask in READ | AUTHOR | REVEAL:
        return allow("ACC-8")
    return deny("ACC-17" if ask == "unmask" else "DEFAULT")


def _professional_space(asker: Asker, ask: str) -> Decision:
    if asker.is_blocked:
        return deny("ACC-10")
    if ask in {"find_patient", "declare_consent"}:
        return allow("ACC-9")
    if ask not in CONSULT_ASKS:
        return deny("DEFAULT")
    if asker.is_attending:
        return allow("ACC-5")
    if asker.mode != "normal":
        return _emergency(asker)
    return allow("ACC-2") if asker.is_authorised else deny("ACC-1")


def _read(asker: Asker, item: Guarded) -> Decision:
    """4.2, 5c to 5e: attending doctor, then emergency, then authorisation, mask and matrix."""
    if asker.is_attending:
        return allow("ACC-5")
    if asker.mode != "normal":
        emergency = _emergency(asker)
        if not emergency.is_allowed:
            return emergency
        if item.is_masked and asker.is_masked_opposed:
            return deny("EMG-1M")
        return emergency if _is_readable(asker, item) else deny("ACC-M")
    if not asker.is_authorised:
        return deny("ACC-1")
    if item.is_masked:
        return deny("ACC-17")
    return allow("ACC-2") if _is_readable(asker, item) else deny("ACC-M")


def _change_for_others(asker: Asker, item: Guarded) -> Decision:
    """Masking at the patient's wish, or showing to patient or parents, needs a valid authorisation (ACC-19b)."""
    if asker.mode != "normal":
        return deny("ACC-19b")
    readable = _read(asker, item)
    return allow("ACC-19b") if readable.is_allowed else readable


def _emergency(asker: Asker) -> Decision:
    """SAMU and break-glass, each stopped by its own opposition only (EMG-1); reasoned (EMG-2)."""
    if asker.mode == "samu":
        return deny("EMG-1") if asker.is_samu_opposed else allow("EMG-3")
    if asker.mode != "break_glass":
        return deny("DEFAULT")
    if asker.is_break_glass_opposed:
        return deny("EMG-1")
    return allow("EMG-2") if asker.has_reason else deny("EMG-2")


def _is_readable(asker: Asker, item: Guarded) -> bool:
    return asker.readable_types is not None and item.type_code in asker.readable_types


def institution(asker: Asker, ask: str, item: Guarded | None) -> Decision:
    """Software that names no professional feeds and keeps its own deposits, and reads no more."""
    if item is None:
        if asker.is_blocked:
            return deny("ACC-10")
        return allow("ACC-9") if ask == "find_patient" else deny("ACC-1")
    if is_author(asker, item):
        return _own_deposit(ask)
    return deny("ACC-8A" if ask in AUTHOR else "ACC-1")
