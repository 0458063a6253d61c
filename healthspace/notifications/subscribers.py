"""The only list of who listens to what."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from healthspace.access import actions as access_actions
from healthspace.access import events as access
from healthspace.documents import events as documents
from healthspace.enrolment import events as enrolment
from healthspace.enrolment.actions import codes, confirmations, noting
from healthspace.notifications import actions, events, rules
from healthspace.outbox import dispatcher
from healthspace.people import events as people
from healthspace.schema.context import set_context
from healthspace.spaces import events as spaces
from healthspace.support import events as support

# Facts that nobody listens to yet, with the reason; a promise test holds this list complete.
NO_ONE_LISTENS: Final = {
    "documents.DocumentMasked": "the holder's own act; others see its effect, not the act",
    "documents.DocumentUnmasked": "the holder's own act; others see its effect, not the act",
}

_Document = documents.DocumentDeposited | documents.DocumentReplaced | documents.DocumentDeleted


def _document(kind: str, fact: _Document, fact_id: UUID) -> None:
    if fact.is_hidden_from_holder or rules.is_own_act(fact.by_kind):
        return
    actions.tell(
        person_id=fact.person_id,
        fact_id=fact_id,
        kind=kind,
        item_id=None if kind == "document_deleted" else fact.document_id,
        is_hidden_from_representatives=fact.is_hidden_from_representatives,
    )


def document_deposited(fact: documents.DocumentDeposited, fact_id: UUID) -> None:
    _document("document_deposited", fact, fact_id)


def document_replaced(fact: documents.DocumentReplaced, fact_id: UUID) -> None:
    _document("document_replaced", fact, fact_id)


def document_deleted(fact: documents.DocumentDeleted, fact_id: UUID) -> None:
    _document("document_deleted", fact, fact_id)


def visibility_changed(fact: documents.VisibilityChanged, fact_id: UUID) -> None:
    if fact.change == "hide_from_representatives":
        actions.hide_from_representatives(person_id=fact.person_id, item_id=fact.document_id)
    if fact.change == "reveal_to_holder":
        actions.tell(
            person_id=fact.person_id,
            fact_id=fact_id,
            kind="document_revealed",
            item_id=fact.document_id,
            is_hidden_from_representatives=True,  # the fact does not say if it is a secret of a minor (CHI-4)
        )


def document_disowned(fact: documents.DocumentDisowned, fact_id: UUID) -> None:
    actions.tell_author(
        fact_id=fact_id,
        document_id=fact.document_id,
        professional_id=fact.author_professional_id,
        institution_id=fact.author_institution_id,
    )


def record_opened(fact: access.RecordOpened, fact_id: UUID) -> None:
    actions.tell_reader(person_id=fact.person_id, fact_id=fact_id, kind="record_opened", reader_id=fact.professional_id)


def emergency_opened(fact: access.EmergencyOpened, fact_id: UUID) -> None:
    actions.tell(person_id=fact.person_id, fact_id=fact_id, kind="emergency_opened")


def access_granted(fact: access.AccessGranted, fact_id: UUID) -> None:
    if not rules.is_own_act(fact.by_kind):
        actions.tell(person_id=fact.person_id, fact_id=fact_id, kind="access_granted")


def access_ended(fact: access.AccessEnded, fact_id: UUID) -> None:
    if not rules.is_own_act(fact.by_kind):
        actions.tell(person_id=fact.person_id, fact_id=fact_id, kind="access_ended")


def assistance_started(fact: access.AssistanceStarted, fact_id: UUID) -> None:
    actions.tell(person_id=fact.person_id, fact_id=fact_id, kind="help_at_desk")


def form_carried_out(fact: access.FormCarriedOut, fact_id: UUID) -> None:
    actions.tell(person_id=fact.person_id, fact_id=fact_id, kind="form_carried_out")


def help_asked(fact: access.HelpAsked, fact_id: UUID) -> None:
    actions.tell(person_id=fact.person_id, fact_id=fact_id, kind="help_asked")


def helper_answered(fact: access.HelperAnswered, fact_id: UUID) -> None:
    kind = "help_left" if fact.answer == "left" else "help_answered"
    actions.tell(person_id=fact.person_id, fact_id=fact_id, kind=kind)


def helpers_asked_again(fact: access.HelpersAskedAgain, fact_id: UUID) -> None:
    actions.tell(person_id=fact.person_id, fact_id=fact_id, kind="help_asked_again")


def parent_invited(fact: access.ParentInvited, fact_id: UUID) -> None:
    invited_id = access_actions.deliver(child_id=fact.person_id, invitation_id=fact.invitation_id)
    if invited_id is not None:
        actions.tell(person_id=invited_id, fact_id=fact_id, kind="parent_invited")
        set_context(fact.person_id)  # whose fact it is: the dispatcher marks it as told


def parent_answered(fact: access.ParentAnswered, fact_id: UUID) -> None:
    actions.tell(person_id=fact.person_id, fact_id=fact_id, kind="parent_answered")


def majority_near(fact: access.MajorityNear, fact_id: UUID) -> None:
    kind = f"majority_{fact.step}"
    actions.tell(
        person_id=fact.person_id,
        fact_id=fact_id,
        kind=kind if fact.child_id == fact.person_id else f"child_{kind}",
    )


def own_way_opened(fact: access.OwnWayOpened, fact_id: UUID) -> None:
    kind = "own_way_opened" if fact.child_id == fact.person_id else "own_way_of_child"
    actions.tell(person_id=fact.person_id, fact_id=fact_id, kind=kind)


def copy_ready(fact: documents.CopyReady, fact_id: UUID) -> None:
    actions.tell(person_id=fact.person_id, fact_id=fact_id, kind="copy_ready")


def space_opened(fact: spaces.SpaceOpened, fact_id: UUID) -> None:
    actions.tell(person_id=fact.person_id, fact_id=fact_id, kind="space_opened")


def space_state_changed(fact: spaces.SpaceStateChanged, fact_id: UUID) -> None:
    actions.mail_change(person_id=fact.person_id, fact_id=fact_id, before=fact.before, after=fact.after)


def contact_changed(fact: spaces.ContactChanged, fact_id: UUID) -> None:
    actions.tell(person_id=fact.person_id, fact_id=fact_id, kind="contact_changed")


def new_device(fact: people.NewDevice, fact_id: UUID) -> None:
    actions.tell(person_id=fact.person_id, fact_id=fact_id, kind="new_device")


def account_recovered(fact: people.AccountRecovered, fact_id: UUID) -> None:
    actions.tell(person_id=fact.person_id, fact_id=fact_id, kind="account_recovered")
    actions.mail_recovery(person_id=fact.person_id, fact_id=fact_id)


def password_changed(fact: people.PasswordChanged, fact_id: UUID) -> None:
    actions.tell(person_id=fact.person_id, fact_id=fact_id, kind="password_changed")


def contact_change_asked(fact: spaces.ContactChangeAsked, fact_id: UUID) -> None:
    if not fact.is_first:
        actions.tell(person_id=fact.person_id, fact_id=fact_id, kind="contact_change_asked")
    actions.mail_contact_change(person_id=fact.person_id, fact_id=fact_id, change_id=fact.change_id)


def contact_change_ended(fact: spaces.ContactChangeEnded, fact_id: UUID) -> None:
    if fact.outcome == "stopped":
        actions.tell(person_id=fact.person_id, fact_id=fact_id, kind="contact_change_stopped")
    actions.mail_contact_change(person_id=fact.person_id, fact_id=fact_id, change_id=fact.change_id)


def ticket_answered(fact: support.TicketAnswered, fact_id: UUID) -> None:
    actions.tell(person_id=fact.person_id, fact_id=fact_id, kind="ticket_answered", item_id=fact.ticket_id)


def code_asked(fact: enrolment.CodeAsked, fact_id: UUID) -> None:
    codes.send_new(person_id=fact.person_id, answers_for=fact.answers_for, fact_id=fact_id)


def space_refused(fact: enrolment.SpaceRefused, fact_id: UUID) -> None:
    confirmations.confirm_refusal(
        person_id=fact.person_id, answer_id=fact.answer_id, by_person_id=fact.by_person_id, fact_id=fact_id
    )


def child_refused(fact: enrolment.ChildRefused, fact_id: UUID) -> None:
    if not fact.is_own_act:
        actions.tell(person_id=fact.person_id, fact_id=fact_id, kind="child_refused")
    confirmations.tell_parent(
        person_id=fact.person_id, child_id=fact.child_id, is_own_act=fact.is_own_act, fact_id=fact_id
    )


def answer_given(fact: enrolment.AnswerGiven, fact_id: UUID) -> None:
    noting.confirm(person_id=fact.person_id, answer_id=fact.answer_id, kind=fact.kind, fact_id=fact_id)


def child_answered(fact: enrolment.ChildAnswered, fact_id: UUID) -> None:
    noting.tell_parent(person_id=fact.person_id, answer_id=fact.answer_id, kind=fact.kind, fact_id=fact_id)


def notice_made(fact: events.NoticeMade, fact_id: UUID) -> None:
    actions.mail_notice(person_id=fact.person_id, fact_id=fact_id, notice_id=fact.notice_id)


def register() -> None:
    """Called once when the application is ready."""
    dispatcher.listen(documents.DocumentDeposited, document_deposited)
    dispatcher.listen(documents.DocumentReplaced, document_replaced)
    dispatcher.listen(documents.DocumentDeleted, document_deleted)
    dispatcher.listen(documents.VisibilityChanged, visibility_changed)
    dispatcher.listen(documents.DocumentDisowned, document_disowned)
    dispatcher.listen(documents.CopyReady, copy_ready)
    dispatcher.listen(access.RecordOpened, record_opened)
    dispatcher.listen(access.EmergencyOpened, emergency_opened)
    dispatcher.listen(access.AccessGranted, access_granted)
    dispatcher.listen(access.AccessEnded, access_ended)
    dispatcher.listen(access.AssistanceStarted, assistance_started)
    dispatcher.listen(access.FormCarriedOut, form_carried_out)
    dispatcher.listen(access.HelpAsked, help_asked)
    dispatcher.listen(access.HelperAnswered, helper_answered)
    dispatcher.listen(access.HelpersAskedAgain, helpers_asked_again)
    dispatcher.listen(access.ParentInvited, parent_invited)
    dispatcher.listen(access.ParentAnswered, parent_answered)
    dispatcher.listen(access.MajorityNear, majority_near)
    dispatcher.listen(access.OwnWayOpened, own_way_opened)
    dispatcher.listen(spaces.SpaceOpened, space_opened)
    dispatcher.listen(spaces.SpaceStateChanged, space_state_changed)
    dispatcher.listen(spaces.ContactChanged, contact_changed)
    dispatcher.listen(people.NewDevice, new_device)
    dispatcher.listen(people.AccountRecovered, account_recovered)
    dispatcher.listen(people.PasswordChanged, password_changed)
    dispatcher.listen(spaces.ContactChangeAsked, contact_change_asked)
    dispatcher.listen(spaces.ContactChangeEnded, contact_change_ended)
    dispatcher.listen(support.TicketAnswered, ticket_answered)
    dispatcher.listen(enrolment.CodeAsked, code_asked)
    dispatcher.listen(enrolment.SpaceRefused, space_refused)
    dispatcher.listen(enrolment.ChildRefused, child_refused)
    dispatcher.listen(enrolment.AnswerGiven, answer_given)
    dispatcher.listen(enrolment.ChildAnswered, child_answered)
    dispatcher.listen(events.NoticeMade, notice_made)
