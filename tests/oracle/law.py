"""Who may do what, read from domain 4 alone: the law as a list of questions, first answer wins.

Written without looking at `healthspace.access`, to be compared with it. Slow and plain on purpose.
Readings of unclear places are numbered Q1..Qn in README.md beside this file.
"""

from __future__ import annotations

from typing import NamedTuple

# domain 2.1; only these two have a space that works (ENR-3, CLO-1..4)
OPEN_SPACES = frozenset({"open_inactive", "active"})
SPACES = (
    "not_informed",
    "informed",
    "opposed",
    "open_inactive",
    "active",
    "closed",
    "deletion_requested",
    "deleted",
    "suspended",
    "closed_deceased",
)
KINDS = (
    "holder",
    "other_holder",
    "representative",
    "caregiver",
    "reading_caregiver",
    "professional",
    "institution",
    "app",
    "support",
    "operator",
    "anonymous",
)
TIES = ("none", "explicit", "team", "structure", "expired", "ended")
AUTHORS = ("same", "place", "person", "other", "elsewhere")
STATUSES = ("current", "superseded", "archived", "deleted", "quarantined")
MODES = ("normal", "samu", "break_glass")

READING = frozenset({"see_listed", "open"})
CAREGIVERS = frozenset({"caregiver", "reading_caregiver"})  # the second: may read documents only (T23)


class State(NamedTuple):
    """One situation; every field has a harmless default."""

    # who asks
    kind: str = "professional"
    space: str = "active"
    link: bool = True  # representative: a minor's, confirmed; caregiver: today within the delegation
    tie: str = "none"
    blocked: bool = False
    attending: bool = False
    mode: str = "normal"
    reason: bool = True
    samu_opposed: bool = False
    glass_opposed: bool = False
    masked_opposed: bool = False
    # what, and which document
    ask: str = "open"
    author: str = "other"
    masked: bool = False
    hidden: str = "no"  # from the holder: no | waiting | released
    hidden_from_representatives: bool = False
    status: str = "current"
    directive: bool = False  # advance directives
    cell: bool = True  # the matrix opens this type to this profession; caregiver: its category was delegated


class Verdict(NamedTuple):
    """Allowed or not, and the family of the rule that says so."""

    allowed: bool
    rule: str


def yes(rule: str) -> Verdict:
    return Verdict(True, rule)


def no(rule: str) -> Verdict:
    return Verdict(False, rule)


def law(s: State) -> Verdict:
    """The whole law: one answer for one situation."""
    if s.space not in OPEN_SPACES:
        return no("CLO")
    if s.ask in READING:
        return may_read(s)
    question = QUESTIONS.get(s.ask)
    if question is None:
        return no("NOBODY")  # an ask that no text knows
    return question(s)


# --- reading: domain 4.2, can_read, step by step ---


def may_read(s: State) -> Verdict:
    if s.status == "deleted":  # step 1
        return no("GONE")
    if s.kind in CAREGIVERS:  # step 4
        return caregiver_reads(s)
    if s.status == "quarantined":  # "not mine": gone for all but its author, who is told; Q2
        return yes("AUTHOR") if is_author(s) else no("GONE")
    if s.kind == "holder":  # step 2
        return holder_reads(s)
    if s.kind == "representative":  # step 3
        return representative_reads(s)
    if s.kind == "professional":  # step 5
        return professional_reads(s)
    if s.kind == "institution" and s.author == "place":  # 5a, "same structure"; Q3
        return yes("AUTHOR")
    return no("NOBODY")  # step 6: no consent to a service exists yet; step 7


def holder_reads(s: State) -> Verdict:
    if s.hidden == "waiting":
        return no("ANN")
    return yes("PERSON")


def representative_reads(s: State) -> Verdict:
    if not s.link:  # CHI-6, T22: ends with minority, by rule when read
        return no("LINK")
    if s.hidden_from_representatives:
        return no("SEC")
    if s.hidden == "waiting":
        return no("ANN")
    if s.directive:
        return no("DIRECTIVE")
    return yes("PERSON")


def caregiver_reads(s: State) -> Verdict:
    """3.10 and T23: "delegation by category and time"; sees not that something is hidden."""
    if not s.link:
        return no("LINK")
    if s.status == "quarantined":  # the person said so, Q2
        return no("GONE")
    if not s.cell:
        return no("CATEGORY")
    if s.hidden_from_representatives:  # Q8
        return no("SEC")
    return holder_reads(s)


def professional_reads(s: State) -> Verdict:
    if s.author in ("same", "place"):  # 5a, ACC-17
        return yes("AUTHOR")
    if s.blocked:  # 5b, ACC-10: consent does not unblock, nor does breaking the glass
        return no("BLOCK")
    if s.attending:  # 5c, ACC-5
        return yes("ATTENDING")
    if s.mode == "samu":  # 5d
        return emergency_reads(s, opposed=s.samu_opposed, justified=True)  # Q4
    if s.mode == "break_glass":
        return emergency_reads(s, opposed=s.glass_opposed, justified=s.reason)
    return tied_reads(s)  # 5e


def emergency_reads(s: State, *, opposed: bool, justified: bool) -> Verdict:
    if opposed or not justified:
        return no("EMG")
    if s.masked and s.masked_opposed:
        return no("MASK")
    if not s.cell:
        return no("MATRIX")
    return yes("EMG")


def tied_reads(s: State) -> Verdict:
    if s.tie not in ("explicit", "team", "structure"):
        return no("TIE")
    if s.masked:
        return no("MASK")
    if not s.cell:
        return no("MATRIX")
    return yes("TIE")


# --- writing: domain 4.2 last lines, ACC-8, ACC-17..19b, 3.9, 3.10 ---


def is_persons_side(s: State) -> bool:
    """The holder, or who stands for the holder today."""
    return s.kind == "holder" or (s.kind in ("representative", *CAREGIVERS) and s.link)


def may_change(s: State) -> bool:
    """3.10: a caregiver adds, modifies and deletes where that was delegated."""
    return is_persons_side(s) and s.kind != "reading_caregiver"


def is_ruler(s: State) -> bool:
    """Who decides on sharing: the holder or the representative; not a caregiver (3.10)."""
    return s.kind == "holder" or (s.kind == "representative" and s.link)


def is_author(s: State) -> bool:
    """Wrote it: the same professional, the structure that filed it, or the person's own side."""
    if s.kind == "professional":
        return s.author in ("same", "place")
    if s.kind == "institution":
        return s.author == "place"
    return may_change(s) and s.author == "person"


def may_deposit(s: State) -> Verdict:
    if s.kind in ("professional", "institution"):  # ACC-8; also when blocked, ACC-10
        return yes("FEED")
    return yes("PERSON") if may_change(s) else no("NOBODY")


def must_see(s: State) -> Verdict | None:
    """Nobody changes what is not there for them; None when it is there."""
    if s.status == "quarantined":
        return no("GONE")
    verdict = may_read(s)
    return None if verdict.allowed else verdict


def may_replace(s: State) -> Verdict:
    unseen = must_see(s)
    if unseen:
        return unseen
    return yes("AUTHOR") if is_author(s) else no("NOT_AUTHOR")  # RPLC; Q14


def may_delete(s: State) -> Verdict:
    if s.kind in ("professional", "institution") or (s.status == "quarantined" and s.kind not in CAREGIVERS):
        # ACC-8: always possible; also once the person said "not mine" (Q2)
        if s.status == "deleted":
            return no("GONE")
        return yes("AUTHOR") if is_author(s) else no("NOT_AUTHOR")
    unseen = must_see(s)
    if unseen:
        return unseen
    return yes("AUTHOR") if is_author(s) else no("NOT_AUTHOR")  # "patient: own documents only"


def may_mask(s: State) -> Verdict:
    unseen = must_see(s)
    if unseen:
        return unseen
    if is_ruler(s):
        return yes("PERSON")
    return professional_changes(s)  # Q12; ACC-18 (never hidden twice) is the act's, Q13


def may_unmask(s: State) -> Verdict:
    unseen = must_see(s)
    if unseen:
        return unseen
    return yes("PERSON") if is_ruler(s) else no("NOBODY")  # ACC-17; Q5: the person's intent stands


def may_hide_from_holder(s: State) -> Verdict:
    """ANN-1: who filed it may hold it back until the announcement; ACC-18 is the act's, Q13."""
    return must_see(s) or filer_decides(s)


def may_hide_from_representatives(s: State) -> Verdict:
    return must_see(s) or filer_decides(s)  # SEC-3


def filer_decides(s: State) -> Verdict:
    if s.kind in ("professional", "institution") and is_author(s):
        return yes("AUTHOR")
    return no("NOT_AUTHOR")  # the person's side cannot hide from itself


def may_reveal(s: State) -> Verdict:
    return must_see(s) or professional_changes(s)  # ANN-3, ACC-19, ACC-19b


def professional_changes(s: State) -> Verdict:
    """ACC-19b: a valid authorisation, except for the author's own deposit."""
    if s.kind not in ("professional", "institution"):
        return no("NOBODY")
    if is_author(s):
        return yes("AUTHOR")
    if s.mode == "normal" and (s.attending or s.tie in ("explicit", "team", "structure")):
        return yes("TIE")
    return no("TIE")  # an emergency is for reading, Q15


def may_word(s: State) -> Verdict:
    unseen = must_see(s)
    if unseen:
        return unseen
    return yes("PERSON") if is_ruler(s) else no("NOBODY")  # Q17: own words


def may_disown(s: State) -> Verdict:
    unseen = must_see(s)
    if unseen:
        return unseen
    return yes("PERSON") if is_ruler(s) else no("NOBODY")  # Q6


def may_consult(s: State) -> Verdict:
    """The list, the overview, the profile as a whole (T12, 3.4 "block a pro", 5b to 5e)."""
    if s.kind != "professional":
        return may_live_in(s)
    if s.blocked:
        return no("BLOCK")
    if s.attending:
        return yes("ATTENDING")
    if s.mode == "samu":
        return no("EMG") if s.samu_opposed else yes("EMG")
    if s.mode == "break_glass":
        return no("EMG") if s.glass_opposed or not s.reason else yes("EMG")
    return yes("TIE") if s.tie in ("explicit", "team", "structure") else no("TIE")


def may_open_record(s: State) -> Verdict:
    """The professional's way in, shown to the person as such; nobody else comes this way."""
    return may_consult(s) if s.kind == "professional" else no("NOBODY")


def may_rule(s: State) -> Verdict:
    return yes("PERSON") if is_ruler(s) else no("NOBODY")


def may_arrange(s: State) -> Verdict:
    """Folders and notices: the person's own order, and what others did (T23: no log of others)."""
    return no("NOBODY") if s.kind in CAREGIVERS else may_live_in(s)


def may_move(s: State) -> Verdict:
    return must_see(s) or may_arrange(s)


def may_read_profile(s: State) -> Verdict:
    return no("NOBODY") if s.kind == "reading_caregiver" else may_consult(s)


def may_write_profile(s: State) -> Verdict:
    return yes("PERSON") if may_change(s) else no("NOBODY")


def may_live_in(s: State) -> Verdict:
    return yes("PERSON") if is_persons_side(s) else no("NOBODY")


QUESTIONS = {
    "deposit": may_deposit,
    "replace": may_replace,
    "delete": may_delete,
    "mask": may_mask,
    "unmask": may_unmask,
    "hide_from_holder": may_hide_from_holder,
    "hide_from_representatives": may_hide_from_representatives,
    "reveal_to_holder": may_reveal,
    "reveal_to_representatives": may_reveal,
    "rename": may_word,
    "note": may_word,
    "move": may_move,
    "disown": may_disown,
    "create_folder": may_arrange,
    "read_notices": may_arrange,
    "write_profile": may_write_profile,
    "list": may_consult,
    "open_record": may_open_record,
    "read_profile": may_read_profile,
    "read_journal": may_rule,
    "read_access": may_rule,
    "change_access": may_rule,
    "change_emergency_choice": may_rule,
}
ABOUT_THE_SPACE = frozenset(
    {
        "deposit",
        "create_folder",
        "read_notices",
        "write_profile",
        "list",
        "open_record",
        "read_profile",
        "read_access",
        "read_journal",
        "change_access",
        "change_emergency_choice",
    }
)
ASKS = (*sorted(READING), *QUESTIONS)
