"""The password once more, before what cannot be taken back or leaves the house."""

from __future__ import annotations

from django.conf import settings
from django.utils.translation import gettext as _

from healthspace.people import actions as people
from healthspace.web.citizen.closing_forms import PasswordForm
from healthspace.web.middleware import WebRequest
from healthspace.web.waiting import told_wait


def is_holder(request: WebRequest, form: PasswordForm) -> bool:
    """True when the password of a valid form is the visitor's own; a fault is told on the form."""
    source = request.META.get(settings.CLIENT_ADDRESS_KEY, "")
    proof = people.confirm(account_id=request.actor.id, password=form.cleaned_data["password"], source=source)
    if proof.account is not None:
        return True
    wait = told_wait(proof.wait_seconds) if proof.wait_seconds else ""
    form.add_error("password", wait or _("This is not your password."))
    return False
