"""How the holder is reached: another e-mail or phone waits three days; a first address is confirmed by digits."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from healthspace.access import actions as acts
from healthspace.access import reads as access
from healthspace.common import clock
from healthspace.common.errors import Conflict, Invalid, Refused
from healthspace.people.rules import TooManyTries
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from healthspace.spaces.reads import contacts
from healthspace.spaces.reads.contacts import Waiting
from healthspace.web.answer_forms import PlainForm
from healthspace.web.ask import Ask
from healthspace.web.audience import for_holder_alone
from healthspace.web.citizen.forms import ContactForm
from healthspace.web.citizen.own import render, space
from healthspace.web.middleware import WebRequest
from healthspace.web.step_up import step_up
from healthspace.web.waiting import told_wait


class DigitsForm(PlainForm):
    digits = forms.CharField(
        label=gettext_lazy("The 8 digits"),
        help_text=gettext_lazy("They are in the mail we have just sent you."),
        max_length=40,
        error_messages={"required": gettext_lazy("Write the 8 digits of the mail.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "digits", "size": 12}
        ),
    )


def waiting(request: WebRequest) -> Waiting | None:
    """The change of the holder that waits, if one does."""
    if request.actor.kind != "holder":
        return None
    with transaction.atomic():
        set_context(space(request))
        return contacts.waiting_contact(space(request))


@require_http_methods(["GET", "HEAD", "POST"])
@for_holder_alone
@step_up
def contact(request: WebRequest) -> HttpResponse:
    """The e-mail and the phone of the holder; while a change waits, only stopping it."""
    change = waiting(request)
    if change is not None:
        return render(request, "contact_waits", "", {"change": change}, 409 if request.method == "POST" else 200)
    known = access.identity(actor=request.actor, person_id=space(request))
    if request.method == "POST":
        form = ContactForm(request.POST)
        asked = _asked(request, form) if form.is_valid() else None
        if asked is not None:
            return redirect("citizen:contact_digits" if asked.is_first else "citizen:contact")
    else:
        form = ContactForm(initial={"email": known.email, "phone": known.phone})
    ask = Ask(
        _("My e-mail and my phone"),
        _("Ask for the change"),
        reverse("citizen:settings"),
        back_label=_("My settings"),
        lines=(
            _("For your safety a change waits for 3 days."),
            _("We tell your old addresses at once, so that you can stop it.")
            if known.email or known.phone
            else _("A first e-mail is confirmed at once by digits. A first phone alone waits too."),
            _("Our mails say only that something is new. They say nothing about your health."),
        ),
    )
    return render(request, "form", "", {"form": form, "ask": ask}, 422 if form.errors else 200)


def _asked(request: WebRequest, form: ContactForm) -> spaces.Asked | None:
    given = form.cleaned_data
    try:
        return acts.ask_contact_change(
            actor=request.actor, person_id=space(request), email=given["email"], phone=given["phone"]
        )
    except Invalid as fault:
        form.add_error("email", _told(fault))
    except TooManyTries as many:
        form.add_error("email", told_wait(int((many.retry_at - clock.now()).total_seconds())))
    except Conflict:
        form.add_error(None, _("Another change waits already. Stop it first."))
    return None


def _told(fault: Invalid) -> str:
    if fault.rule == "T53":
        return _("Write one e-mail address. Example: name@example.org")
    if fault.rule == "T21":
        return _("One of your parents is reached by this already. Give an e-mail and a phone that only you read.")
    return _("Nothing is different from what we know. Change the e-mail or the phone.")


@require_http_methods(["GET", "HEAD", "POST"])
@for_holder_alone
@step_up
def digits(request: WebRequest) -> HttpResponse:
    """The digits that were sent to a first address."""
    form = DigitsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed: dict[str, Any] = form.cleaned_data
        if spaces.confirm_first_contact(actor=request.actor, person_id=space(request), digits=typed["digits"]):
            messages.success(request, _("Your contact details are saved."))
            return redirect("citizen:settings")
        form.add_error("digits", _("These are not the digits of the last mail, or they are too old. Ask for new ones."))
    ask = Ask(
        _("Confirm your e-mail"),
        _("Confirm"),
        reverse("citizen:contact"),
        back_label=_("Ask for new digits"),
        lines=(_("We have sent 8 digits to your new address. They work for 10 minutes."),),
    )
    return render(request, "form", "", {"form": form, "ask": ask}, 422 if form.errors else 200)


@require_POST
@for_holder_alone
def stop(request: WebRequest) -> HttpResponse:
    """Stop the change that waits; one that waits no more is no fault."""
    try:
        spaces.stop_contact_change(actor=request.actor, person_id=space(request))
    except Refused:
        messages.info(request, _("No change waits any more."))
    else:
        messages.success(request, _("The change is stopped. We go on reaching you as before."))
    return redirect("citizen:settings")
