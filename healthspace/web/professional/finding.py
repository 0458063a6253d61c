"""Finding a patient by exact INS, declaring an agreement, choosing a place of practice."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from healthspace.access import actions as access
from healthspace.common.errors import Invalid, Refused, SpaceClosed
from healthspace.notifications import actions as told
from healthspace.notifications import reads as notifications
from healthspace.people import reads as people
from healthspace.web.audience import for_professional, for_professional_anywhere
from healthspace.web.middleware import WebRequest
from healthspace.web.professional import patient
from healthspace.web.professional.forms import ConsentForm, SearchForm

NOTICES_SHOWN: Final = 5


@require_safe
@for_professional
def home(request: WebRequest) -> HttpResponse:
    """The search, and the records opened since the sign-in."""
    return _home(request, SearchForm())


def _home(request: WebRequest, form: SearchForm) -> HttpResponse:
    shown = {
        "form": form,
        "recent": patient.recent(request),
        "notices": notifications.author_notices(actor=request.actor, limit=NOTICES_SHOWN),
        "hides_search": True,
    }
    return patient.render(request, "home", shown, 422 if form.errors else 200)


@require_POST
@for_professional
def search(request: WebRequest) -> HttpResponse:
    """Find by exact INS; refused, closed and absent are one answer. The number stays out of addresses."""
    form = SearchForm(request.POST)
    if not form.is_valid():
        return _home(request, form)
    try:
        found = patient.find(request, form.cleaned_data["matricule"])
    except Invalid as fault:
        form.add_error("matricule", patient.ins_fault(fault))
        return _home(request, form)
    except Refused:
        return no_record(request)
    if found.may_consult:
        return redirect("professional:record", found.person_id)
    return redirect("professional:consent", found.person_id)


def no_record(request: WebRequest) -> HttpResponse:
    """The one answer for what may not be read and for what is not there."""
    return patient.render(request, "no_record", {}, 404)


@require_POST
@for_professional
def read_notice(request: WebRequest, notice_id: UUID) -> HttpResponse:
    """The author has seen what they were told about a document of theirs."""
    told.mark_author_notice_read(actor=request.actor, notice_id=notice_id)
    return redirect("professional:home")


@require_http_methods(["GET", "HEAD", "POST"])
@for_professional
def consent(request: WebRequest, person_id: UUID) -> HttpResponse:
    """State, by an explicit tick, that the patient agrees (ACC-3, ACC-9)."""
    form = ConsentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            access.declare_consent(actor=request.actor, person_id=person_id, has_consent=True)
        except (Refused, SpaceClosed):
            return no_record(request)
        messages.success(request, _("The agreement is written down. The patient is told."))
        return redirect("professional:record", person_id)
    shown = {"form": form, "person_id": person_id}
    return patient.render(request, "consent", shown, 422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@for_professional_anywhere
def place(request: WebRequest) -> HttpResponse:
    """Choose where one works now; the session gets a new key (T08)."""
    professional_id = request.actor.professional_id
    places = people.practices(professional_id) if professional_id else []
    if request.method == "POST":
        chosen = next((one for one in places if str(one.id) == request.POST.get("place")), None)
        if not request.POST.get("place"):
            messages.error(request, _("Choose a place first."))
            return redirect("professional:place")
        if chosen is None:
            raise Refused("ABSENT")
        request.session["place"] = str(chosen.id)
        request.session["recent"] = []
        request.session.cycle_key()
        messages.success(request, _("You now work at %(place)s.") % {"place": chosen.name})
        return redirect("professional:home")
    hint = request.session.get("place_hint", "")
    checked = request.actor.institution_id or next((one.id for one in places if str(one.id) == hint), None)
    return patient.render(request, "place", {"places": places, "chosen": checked, "hides_search": True})
