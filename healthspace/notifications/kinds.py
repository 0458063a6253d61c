"""The kinds of notice and their words: one plain sentence each, with nothing about health in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Kind:
    """`text` is told in the reader's language; `is_mailed` is what holds until the holder chooses."""

    code: str
    text: str | Promise
    is_mailed: bool = True


@dataclass(frozen=True, slots=True)
class SpaceMail:
    """A mail about the space itself, to whoever can no longer read notices in it."""

    subject: str | Promise
    body: str | Promise
    has_way_in: bool = True


SPACE_MAILS: Final[Mapping[str, SpaceMail]] = MappingProxyType(
    {
        "space_closed": SpaceMail(
            _("Your space is closed"),
            _(
                "Your space is closed, as you asked. Nobody can read it any more.\n"
                "It is kept for ten years. You can open it again, or ask for it to be deleted."
            ),
        ),
        "space_reopened": SpaceMail(
            _("Your space is open again"),
            _("Your space is open again, with everything that was in it."),
        ),
        "deletion_asked": SpaceMail(
            _("Your space will be deleted"),
            _(
                "You asked for everything in your space to be deleted. It will be done within three months.\n"
                "You can still change your mind until then."
            ),
        ),
        "deletion_cancelled": SpaceMail(
            _("Your space will not be deleted"),
            _("You changed your mind: your space stays closed and is not deleted."),
        ),
        "space_suspended": SpaceMail(
            _("Your space is suspended"),
            _(
                "Your space is suspended: something in it may be wrong.\n"
                "You can say no to this. If nobody does within six weeks, it will be closed."
            ),
        ),
        "suspension_ended": SpaceMail(
            _("Your space is closed"),
            _(
                "Your space was suspended and nobody objected within six weeks: it is closed.\n"
                "It is kept for ten years. You can open it again."
            ),
        ),
        "suspension_lifted": SpaceMail(
            _("Your space is open again"),
            _("The suspension of your space is over. It is open again."),
        ),
        "space_destroyed": SpaceMail(
            _("Your space is deleted"),
            _("Everything in your space is deleted for good. Nobody can read it any more, and neither can we."),
            has_way_in=False,
        ),
    }
)
# In the record of a child or a protected adult, to whoever acts there: the same, without "your".
OF_ANOTHER: Final[Mapping[str, str | Promise]] = MappingProxyType(
    {
        "space_opened": _("This health space is open."),
        "document_deposited": _("A new document was added to this health space."),
        "record_opened": _("A professional opened this record."),
        "emergency_opened": _("This record was opened in an emergency."),
        "access_granted": _("Somebody was given access to this record."),
        "access_ended": _("Somebody no longer has access to this record."),
        "copy_ready": _("The copy of this health space is ready. It stays here for seven days."),
        "contact_changed": _("The contact details of this record were changed."),
    }
)
AUTHOR_KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "document_disowned": Kind(
            "document_disowned",
            _("A document you filed was reported as somebody else's. Check the identity you filed it under."),
            is_mailed=False,
        ),
    }
)
KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        kind.code: kind
        for kind in (
            Kind("space_opened", _("Your health space is open.")),
            Kind("document_deposited", _("A new document was added to your health space.")),
            Kind("document_replaced", _("A document was replaced by a newer version.")),
            Kind("document_deleted", _("A document was removed by whoever had filed it."), is_mailed=False),
            Kind("document_revealed", _("You can now read a document that was not shown before.")),
            Kind("record_opened", _("A professional opened your record."), is_mailed=False),
            Kind("emergency_opened", _("Your record was opened in an emergency.")),
            Kind("access_granted", _("Somebody was given access to your record.")),
            Kind("access_ended", _("Somebody no longer has access to your record."), is_mailed=False),
            Kind("help_asked", _("Somebody asks you to help them here. You are free to say yes or no.")),
            Kind("help_at_desk", _("Somebody helps at a desk in your name, for half an hour. Is it not you? Call us.")),
            Kind("form_carried_out", _("A paper with your signature was carried out. Is it not yours? Call us.")),
            Kind("help_answered", _("Somebody whom you asked for help has answered.")),
            Kind("help_left", _("Somebody who helped you here has stopped helping you.")),
            Kind("help_asked_again", _("The help of somebody ends within a month. Do you still want it?")),
            Kind("child_refused", _("The health space of a child of yours was refused."), is_mailed=False),
            Kind("copy_ready", _("The copy of your health space is ready. It stays here for seven days.")),
            Kind("new_device", _("Your account was opened on a device we did not know. Was it not you? Call us.")),
            Kind(
                "account_recovered",
                _("Your account has a new password. Was it not you? Call us at once."),
                is_mailed=False,  # its own message, with the link that stops it, is never left out
            ),
            Kind("password_changed", _("The password of your account was changed. Was it not you? Call us at once.")),
            Kind(
                "parent_invited",
                _("You are asked to act for a child as a parent. Answer on the page of your children."),
            ),
            Kind("parent_answered", _("The other parent answered your invitation.")),
            Kind(
                "own_way_opened", _("You have a sign-in of your own. Your parents act for you until you come of age.")
            ),
            Kind(
                "own_way_of_child",
                _("A child of yours has a sign-in of their own. You act until the child comes of age."),
            ),
            Kind(
                "majority_quarter", _("In less than three months you come of age. From then on, you alone decide here.")
            ),
            Kind("majority_month", _("In less than one month you come of age. From then on, you alone decide here.")),
            Kind("majority_day", _("Tomorrow you come of age. From then on, you alone decide here.")),
            Kind(
                "majority_now",
                _("You have come of age. Your parents no longer act for you here: look at who may read."),
            ),
            Kind(
                "child_majority_quarter",
                _("In less than three months a child of yours comes of age. You then act no more."),
            ),
            Kind(
                "child_majority_month", _("In less than one month a child of yours comes of age. You then act no more.")
            ),
            Kind(
                "child_majority_day", _("Tomorrow a child of yours comes of age. You then act for the child no more.")
            ),
            Kind("child_majority_now", _("A child of yours has come of age. You no longer act for the child here.")),
            Kind("contact_changed", _("Your contact details were changed.")),
            Kind("contact_change_asked", _("Somebody asked for another e-mail or phone for you."), is_mailed=False),
            Kind("contact_change_stopped", _("The change of your e-mail or phone was stopped."), is_mailed=False),
            Kind("ticket_answered", _("The help desk answered you.")),
        )
    }
)
