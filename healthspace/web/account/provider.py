"""The national identity provider as a way in of one's own: added with a fresh proof, removed again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from healthspace.journeys import link_identity as journey
from healthspace.web.account.own import account_id
from healthspace.web.audience import for_holder_alone
from healthspace.web.middleware import WebRequest
from healthspace.web.public import provider
from healthspace.web.step_up import step_up


@require_safe
@for_holder_alone
@step_up
def add(request: WebRequest) -> HttpResponse:
    """To the provider; it is added when the holder comes back from it."""
    return provider.leave_for(request, "citizen", purpose="add", onward="")


@require_POST
@for_holder_alone
@step_up
def remove(request: WebRequest) -> HttpResponse:
    """The provider signs this holder in no more."""
    journey.remove(account_id=account_id(request))
    messages.success(request, _("Removed. This digital identity no longer signs you in."))
    return redirect("ways:ways")
