"""A life of a space: being told, answering, opening by law, closing, deletion, death, older records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Final

from django.utils.translation import gettext_lazy as _

from healthspace.audit.kinds.shape import Kind, Line, Text, who


@dataclass(frozen=True, slots=True)
class SpaceInformed(Kind):
    code = "space_informed"
    by_holder = _("You were told about your health space and your right to refuse it.")
    by_other = _("%(actor)s told you about your health space and your right to refuse it.")
    refused = _("%(actor)s asked to tell you about your health space and was refused.")


@dataclass(frozen=True, slots=True)
class InformationFailed(Kind):
    code = "information_failed"
    by_holder = _("The mail or letter about your health space did not reach you.")
    by_other = _("%(actor)s noted that the mail or letter about your health space did not reach you.")
    refused = _("%(actor)s asked to note that a letter did not reach you and was refused.")


@dataclass(frozen=True, slots=True)
class CodeSent(Kind):
    code = "code_sent"
    by_holder = _("A new code was sent to you at your request.")
    by_other = _("%(actor)s sent you a new code, because it was asked for with your card.")
    refused = _("%(actor)s asked for a new code for you and was refused.")


@dataclass(frozen=True, slots=True)
class CodeLocked(Kind):
    code = "code_locked"
    by_holder = _("Your code was blocked after too many wrong tries.")
    by_other = _("%(actor)s blocked your code after too many wrong tries.")
    refused = _("%(actor)s asked to block your code and was refused.")


@dataclass(frozen=True, slots=True)
class SpaceOpposed(Kind):
    code = "space_opposed"
    by_holder = _("You refused your health space: it is not opened.")
    by_other = _("%(actor)s noted that this health space is refused: it is not opened.")
    refused = _("%(actor)s asked to refuse this health space and was refused.")


@dataclass(frozen=True, slots=True)
class OppositionUndone(Kind):
    code = "opposition_undone"
    by_holder = _("You undid the refusal of your health space.")
    by_other = _("%(actor)s undid the refusal of this health space.")
    refused = _("%(actor)s asked to undo the refusal of this health space and was refused.")


@dataclass(frozen=True, slots=True)
class OppositionWithdrawn(Kind):
    code = "opposition_withdrawn"
    by_holder = _("You changed your mind: you no longer refuse your health space.")
    by_other = _("%(actor)s noted that this health space is no longer refused.")
    refused = _("%(actor)s asked to withdraw the refusal of this health space and was refused.")


@dataclass(frozen=True, slots=True)
class OlderContentClosed(Kind):
    code = "older_content_closed"
    by_holder = _("What was kept from before was closed, because your health space is refused.")
    by_other = _("%(actor)s closed what was kept from before, because this health space is refused.")
    refused = _("%(actor)s asked to close what was kept from before and was refused.")


@dataclass(frozen=True, slots=True)
class ContactConfirmed(Kind):
    code = "contact_confirmed"
    by_holder = _("You confirmed your contact details with a code.")
    by_other = _("%(actor)s noted that your contact details were confirmed with a code.")
    refused = _("%(actor)s asked to confirm your contact details and was refused.")


@dataclass(frozen=True, slots=True)
class SpaceOpenedByLaw(Kind):
    code = "space_opened_by_law"
    by_holder = _("Your health space was opened: nobody had refused it within six weeks.")
    by_other = _("%(actor)s opened your health space: nobody had refused it within six weeks.")
    refused = _("%(actor)s asked to open your health space after six weeks and was refused.")


@dataclass(frozen=True, slots=True)
class SpaceReopened(Kind):
    code = "space_reopened"
    by_holder = _("You opened your closed health space again.")
    by_other = _("%(actor)s opened your closed health space again.")
    refused = _("%(actor)s asked to open your closed health space again and was refused.")


@dataclass(frozen=True, slots=True)
class DeletionAsked(Kind):
    code = "deletion_asked"
    by_holder = _("You asked for everything in your health space to be deleted.")
    by_other = _("%(actor)s asked for everything in your health space to be deleted.")
    refused = _("%(actor)s asked for your health space to be deleted and was refused.")


@dataclass(frozen=True, slots=True)
class DeletionCancelled(Kind):
    code = "deletion_cancelled"
    by_holder = _("You cancelled the deletion of your health space.")
    by_other = _("%(actor)s cancelled the deletion of your health space.")
    refused = _("%(actor)s asked to cancel the deletion of your health space and was refused.")


@dataclass(frozen=True, slots=True)
class SpaceDestroyed(Kind):
    code = "space_destroyed"
    by_holder = _("Your health space was destroyed: nothing in it can be read any more.")
    by_other = _("%(actor)s destroyed your health space: nothing in it can be read any more.")
    refused = _("%(actor)s asked to destroy your health space and was refused.")


@dataclass(frozen=True, slots=True)
class SpaceSuspended(Kind):
    code = "space_suspended"
    by_holder = _("Your health space was suspended.")
    by_other = _("%(actor)s suspended your health space.")
    refused = _("%(actor)s asked to suspend your health space and was refused.")


@dataclass(frozen=True, slots=True)
class SuspensionLifted(Kind):
    code = "suspension_lifted"
    by_holder = _("You objected to the suspension of your health space: it is open again.")
    by_other = _("%(actor)s ended the suspension of your health space: it is open again.")
    refused = _("%(actor)s asked to end the suspension of your health space and was refused.")


@dataclass(frozen=True, slots=True)
class SuspensionEnded(Kind):
    code = "suspension_ended"
    by_holder = _("Your suspended health space was closed: six weeks passed without an objection.")
    by_other = _("%(actor)s closed your suspended health space: six weeks passed without an objection.")
    refused = _("%(actor)s asked to close your suspended health space and was refused.")


@dataclass(frozen=True, slots=True)
class _ByTwo(Kind):
    """Told with the names of two agents where agents did it; details: first, second (their names)."""

    by_two: ClassVar[Text] = ""

    def tell(self, line: Line) -> str:
        """With the names of both agents."""
        if line.outcome == "refused" or not {"first", "second"} <= set(line.details):
            return Kind.tell(self, line)
        return str(self.by_two) % {"first": line.details["first"], "second": line.details["second"]}


@dataclass(frozen=True, slots=True)
class HolderDied(_ByTwo):
    code = "holder_died"
    by_holder = _("The death of the holder was noted: this health space is closed.")
    by_other = _("%(actor)s noted the death of the holder: this health space is closed.")
    by_two = _("%(first)s and %(second)s noted the death of the holder: this health space is closed.")
    refused = _("%(actor)s asked to note the death of the holder and was refused.")


@dataclass(frozen=True, slots=True)
class DeathCorrected(_ByTwo):
    code = "death_corrected"
    by_holder = _("Your death had been noted in error: this was taken back.")
    by_other = _("%(actor)s took back the note of your death, which was an error.")
    by_two = _("Your death had been noted in error: %(first)s and %(second)s took this back.")
    refused = _("%(actor)s asked to take back the note of your death and was refused.")


@dataclass(frozen=True, slots=True)
class IdentitiesMerged(Kind):
    code = "identities_merged"
    by_holder = _("Your two registrations were joined into one.")
    by_other = _("%(actor)s joined your two registrations into one.")
    refused = _("%(actor)s asked to join your two registrations and was refused.")


@dataclass(frozen=True, slots=True)
class OlderRecordTaken(Kind):
    code = "older_record_taken"
    by_holder = _("Your older health record was moved into your health space.")
    by_other = _("%(actor)s moved your older health record into your health space.")
    refused = _("%(actor)s asked to move your older health record and was refused.")


@dataclass(frozen=True, slots=True)
class OlderTrace(Kind):
    """What somebody did in the older record, before it was moved; details: act (a code), on (a day)."""

    code = "older_trace"
    by_holder = _("You used your older health record.")
    by_other = _("%(actor)s used your older health record.")
    refused = _("%(actor)s asked to use your older health record and was refused.")
    acts: ClassVar[dict[str, Text]] = {
        "opened": _("%(actor)s opened your older health record."),
        "document_opened": _("%(actor)s opened a document of your older health record."),
        "document_deposited": _("%(actor)s added a document to your older health record."),
        "document_changed": _("%(actor)s changed a document of your older health record."),
        "document_deleted": _("%(actor)s deleted a document of your older health record."),
        "access_changed": _("%(actor)s changed who may see your older health record."),
        "record_changed": _("%(actor)s changed the settings of your older health record."),
    }

    def tell(self, line: Line) -> str:
        """The act in its own words when it has some."""
        sentence = self.acts.get(line.details.get("act", ""))
        if sentence is None or line.outcome == "refused" or line.actor_kind == "holder":
            return Kind.tell(self, line)
        return str(sentence) % {"actor": who(line)}


@dataclass(frozen=True, slots=True)
class CareHistoryAdded(Kind):
    code = "care_history_added"
    by_holder = _("The history of your reimbursed care was added to your health space.")
    by_other = _("%(actor)s added the history of your reimbursed care to your health space.")
    refused = _("%(actor)s asked to add the history of your reimbursed care and was refused.")


@dataclass(frozen=True, slots=True)
class CareHistoryRead(Kind):
    code = "care_history_read"
    by_holder = _("You read the history of your reimbursed care.")
    by_other = _("%(actor)s read the history of your reimbursed care.")
    refused = _("%(actor)s asked to read the history of your reimbursed care and was refused.")


@dataclass(frozen=True, slots=True)
class CareHistoryShown(Kind):
    code = "care_history_shown"
    by_holder = _("You let professionals see the history of your reimbursed care.")
    by_other = _("%(actor)s let professionals see the history of your reimbursed care.")
    refused = _("%(actor)s asked to show the history of your reimbursed care and was refused.")


@dataclass(frozen=True, slots=True)
class CareHistoryHidden(Kind):
    code = "care_history_hidden"
    by_holder = _("You hid the history of your reimbursed care from professionals.")
    by_other = _("%(actor)s hid the history of your reimbursed care from professionals.")
    refused = _("%(actor)s asked to hide the history of your reimbursed care and was refused.")


@dataclass(frozen=True, slots=True)
class ExportAsked(Kind):
    code = "export_asked"
    by_holder = _("You asked for a copy of everything in your health space.")
    by_other = _("%(actor)s asked for a copy of everything in your health space.")
    refused = _("%(actor)s asked to prepare a copy of your health space and was refused.")


@dataclass(frozen=True, slots=True)
class ExportDownloaded(Kind):
    code = "export_downloaded"
    by_holder = _("You downloaded the copy of your health space.")
    by_other = _("%(actor)s downloaded the copy of your health space.")
    refused = _("%(actor)s asked to download the copy of your health space and was refused.")


ALL: Final = (
    SpaceInformed(),
    InformationFailed(),
    CodeSent(),
    CodeLocked(),
    SpaceOpposed(),
    OppositionUndone(),
    OppositionWithdrawn(),
    OlderContentClosed(),
    ContactConfirmed(),
    SpaceOpenedByLaw(),
    SpaceReopened(),
    DeletionAsked(),
    DeletionCancelled(),
    SpaceDestroyed(),
    SpaceSuspended(),
    SuspensionLifted(),
    SuspensionEnded(),
    HolderDied(),
    DeathCorrected(),
    IdentitiesMerged(),
    OlderRecordTaken(),
    OlderTrace(),
    CareHistoryAdded(),
    CareHistoryRead(),
    CareHistoryShown(),
    CareHistoryHidden(),
    ExportAsked(),
    ExportDownloaded(),
)
