"""Settings of the holder: language, contact, which notices a mail follows."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from healthspace.access import reads as access
from healthspace.notifications import actions as notices
from healthspace.notifications import reads as notifications
from healthspace.notifications.kinds import KINDS
from healthspace.web.ask import Ask
from healthspace.web.audience import for_holder, for_holder_alone
from healthspace.web.citizen import contact
from healthspace.web.citizen.forms import MailForm
from healthspace.web.citizen.own import render, space
from healthspace.web.middleware import WebRequest


@require_safe
@for_holder
def settings(request: WebRequest) -> HttpResponse:
    """Language, how to reach me, who I am, leaving."""
    identity = access.identity(actor=request.actor, person_id=space(request))
    shown = {
        "full_name": identity.name,
        "born_on": identity.traits.born_on,
        "matricule": identity.ins.matricule,
        "email": identity.email,
        "phone": identity.phone,
    }
    return render(request, "settings", "", {"identity": shown, "change": contact.waiting(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@for_holder_alone
def mails(request: WebRequest) -> HttpResponse:
    """Which notices a mail follows."""
    person_id = space(request)
    chosen = notifications.mail_choices(actor=request.actor, person_id=person_id)
    kinds = [(code, str(KINDS[code].text)) for code in chosen]
    form = MailForm(request.POST if request.method == "POST" else None, kinds=kinds)
    if request.method == "POST" and form.is_valid():
        wanted = set(form.cleaned_data["kinds"])
        for code, is_mailed in chosen.items():
            if is_mailed != (code in wanted):
                notices.choose_mail(actor=request.actor, person_id=person_id, kind=code, is_mailed=code in wanted)
        messages.success(request, _("Your choices are saved."))
        return redirect("citizen:settings")
    form.initial = {"kinds": [code for code, is_mailed in chosen.items() if is_mailed]}
    ask = Ask(
        _("Mails about notices"),
        _("Save"),
        reverse("citizen:settings"),
        back_label=_("My settings"),
        lines=(_("You find every notice here in any case."),),
    )
    return render(request, "form", "", {"form": form, "ask": ask}, 422 if form.errors else 200)
