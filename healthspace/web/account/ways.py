"""How one signs in, and where one is signed in."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from healthspace.common import clock
from healthspace.journeys import sign_in as journey
from healthspace.people import reads as people
from healthspace.people.rules import RESTRICTED_FOR, trusts_devices
from healthspace.web.account.own import account_id, render
from healthspace.web.audience import for_anybody_inside
from healthspace.web.entering import SID
from healthspace.web.middleware import WebRequest


@require_safe
@for_anybody_inside
def ways(request: WebRequest) -> HttpResponse:
    """Passkeys, app, paper codes; every device that is signed in, with a button that ends it."""
    own_id = account_id(request)
    account = people.account(own_id)
    shown = {
        "factors": journey.factors(own_id),
        "sessions": people.sessions(own_id),
        "this_session": UUID(request.session[SID]),
        "may_remember": account is not None and trusts_devices(account.kind),
        "is_holder": account is not None and account.person_id is not None,
    }
    return render(request, "ways", shown)


@require_safe
@for_anybody_inside
def locked(request: WebRequest) -> HttpResponse:
    """What a recovered account may do for 72 hours, and why."""
    account = people.account(account_id(request))
    until = account.restricted_until if account else None
    return render(request, "locked", {"until": until if until and until - clock.now() <= RESTRICTED_FOR else None})
