"""What is done together within a session of help, each line ticked by the person; every act under both names."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from healthspace.access import actions as access_actions
from healthspace.common.errors import Conflict, Invalid, Refused, TooLarge
from healthspace.documents import actions as documents
from healthspace.documents import reads as document_reads
from healthspace.documents.rules import Author
from healthspace.enrolment.rules.claims import NotAccepted
from healthspace.journeys import assisting, printing
from healthspace.journeys.assisting import Act, Beside
from healthspace.people import reads as people
from healthspace.web import filing, showing
from healthspace.web.answer_told import of_error
from healthspace.web.ask import Ask
from healthspace.web.assist.forms import AccountForm, ContactForm, PaperForm
from healthspace.web.assist.page import render, running
from healthspace.web.desk_paper import SCOPES, pdf
from healthspace.web.labels import profession
from healthspace.web.middleware import WebRequest

ACTS: Final[dict[str, Act]] = {"refuse": "refuse", "withdraw": "withdraw", "close": "close"}
FORMS: Final[dict[str, str | Promise]] = {
    "emergency_no": gettext_lazy("In an emergency, nobody opens the record"),
    "emergency_yes": gettext_lazy("In an emergency, the record may be opened"),
    "new_code": gettext_lazy("A new code by post"),
    "close": gettext_lazy("Close the record"),
}
WHEN_OPEN: Final = frozenset({"emergency", "access", "file", "documents", "contact", "summary"})
PAGES: Final = (
    ("emergency", "assist:emergency"),
    ("access", "assist:doctor"),
    ("file", "assist:file"),
    ("documents", "assist:documents"),
    ("contact", "assist:contact"),
)


@require_safe
@running
def session(request: WebRequest, helped: Beside) -> HttpResponse:
    """Everything that was ticked and can be done now, one line each."""
    is_open = helped.state in {"open_inactive", "active"}
    pages = [(SCOPES[word], reverse(name)) for word, name in PAGES if is_open and word in helped.card.scope]
    answers = [act for act in ACTS if helped.can(act)]
    shown = {
        "helped": helped,
        "pages": pages,
        "answers": answers,
        "can_activate": helped.can("activate"),
        "waits": [] if is_open else [label for word, label in SCOPES.items() if word in helped.card.scope & WHEN_OPEN],
        "has_summary": is_open and "summary" in helped.card.scope,
    }
    return render(request, "session", shown)


@require_http_methods(["GET", "HEAD", "POST"])
@running
def emergency(request: WebRequest, helped: Beside) -> HttpResponse:
    """The three choices for an emergency."""
    person_id = helped.card.person_id
    if request.method == "POST":
        access_actions.change_emergency_choice(
            actor=request.actor,
            person_id=person_id,
            is_samu_opposed="samu" not in request.POST,
            is_break_glass_opposed="break_glass" not in request.POST,
            is_masked_opposed="masked" not in request.POST,
        )
        return _done(request, _("The choices are saved."))
    now = assisting.emergency_choices(actor=request.actor)
    choices = {
        "samu": not now.is_samu_opposed,
        "break_glass": not now.is_break_glass_opposed,
        "masked": not now.is_masked_opposed,
    }
    return render(request, "emergency", {"helped": helped, "choices": choices, "may_open": helped.is_by_code})


@require_http_methods(["GET", "HEAD", "POST"])
@running
def doctor(request: WebRequest, helped: Beside) -> HttpResponse:
    """Find the attending doctor by name; to name at once, or on a form to sign."""
    words = request.POST.get("name", "").strip()[:100]
    found = None
    if words:
        cards = [one for one in people.find_professionals(words) if one.profession == "10"]
        found = [{"id": one.id, "name": one.name, "told": profession(one.profession)} for one in cards]
    return render(request, "doctor", {"helped": helped, "words": words, "found": found})


@require_POST
@running
def name_doctor(request: WebRequest, helped: Beside, professional_id: UUID) -> HttpResponse:
    """This doctor is the attending doctor from now on."""
    one = people.professional(professional_id)
    access_actions.name_attending_doctor(
        actor=request.actor, person_id=helped.card.person_id, professional_id=professional_id
    )
    return _done(request, _("%(name)s is the attending doctor in the record.") % {"name": one.name})


@require_POST
@running
def summary(request: WebRequest, helped: Beside) -> HttpResponse:
    """The health summary on paper."""
    language = get_language() or "fr"
    return pdf(printing.summary(actor=request.actor, person_id=helped.card.person_id, language=language))


@require_http_methods(["GET", "HEAD", "POST"])
@running
def file(request: WebRequest, helped: Beside) -> HttpResponse:
    """A paper the person brought goes into the record."""
    form = PaperForm(request.POST, request.FILES) if request.method == "POST" else PaperForm()
    if request.method == "POST" and form.is_valid() and _filed(request, helped, form):
        return _done(request, _("The paper is in the record, or will be once it is checked."))
    return render(request, "file", {"helped": helped, "form": form}, 422 if form.errors else 200)


def _filed(request: WebRequest, helped: Beside, form: PaperForm) -> bool:
    given = form.cleaned_data
    order = filing.order(
        file=given["content"],
        type_code=given["type_code"],
        title=given["title"],
        made_on=given["made_on"],
        confidentiality=frozenset(),
        authors=(Author(name=helped.name),),
        person_id=helped.card.person_id,
    )
    try:
        documents.deposit(actor=request.actor, order=order)
    except (Invalid, TooLarge, Conflict) as error:
        field, sentence = filing.fault(error)
        form.add_error(field or None, sentence)
        return False
    return True


@require_safe
@running
def read(request: WebRequest, helped: Beside) -> HttpResponse:
    """The documents, newest first, when the person ticked it."""
    query = document_reads.ListQuery(limit=50)
    page = document_reads.list_documents(actor=request.actor, person_id=helped.card.person_id, query=query)
    return render(request, "documents", {"helped": helped, "cards": page.cards})


@require_safe
@running
def document(request: WebRequest, helped: Beside, document_id: UUID) -> HttpResponse:
    """One document, as its safe copy."""
    return showing.copy(request.actor, helped.card.person_id, document_id)


@require_http_methods(["GET", "HEAD", "POST"])
@running
def contact(request: WebRequest, helped: Beside) -> HttpResponse:
    """Another e-mail or phone: it waits, and the old ones are told."""
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            assisting.change_contact(actor=request.actor, **form.cleaned_data)
        except Conflict:
            form.add_error(None, _("Another change waits already. Nothing can be changed until it is over."))
        except Invalid as fault:
            told = _("This is what is known already.")
            if fault.rule == "T21":
                told = _("A parent is reached by this already. Write what only the person reads.")
            form.add_error("phone" if fault.field == "phone" else "email", told)
        except Refused:
            form.add_error(None, _("Nobody could be told of this change. The person changes it in their own record."))
        else:
            return _done(request, _("It is noted. The change is made in three days; the old address is told at once."))
    return render(request, "contact", {"helped": helped, "form": form}, 422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@running
def answer(request: WebRequest, helped: Beside, act: str) -> HttpResponse:
    """Refuse, take a refusal back, close: asked once more, then written down."""
    if act not in ACTS or not helped.can(act):
        raise Refused("ABSENT")
    trouble = None
    if request.method == "POST":
        try:
            assisting.answer(actor=request.actor, act=ACTS[act])
        except NotAccepted as error:
            trouble = of_error(error)
        else:
            return _done(request, _("It is written down. A confirmation leaves."))
    return render(request, "answer", {"helped": helped, "ask": _ask(act, helped.name), "trouble": trouble})


def _ask(act: str, name: str) -> Ask:
    title, lines, yes = {
        "refuse": (
            _("%(name)s refuses the record?") % {"name": name},
            (
                _("Read aloud: refusing changes nothing for care and for what is paid back."),
                _("It can be undone within two weeks, and taken back at any time."),
            ),
            _("Write down that %(name)s refuses") % {"name": name},
        ),
        "withdraw": (
            _("%(name)s no longer refuses the record?") % {"name": name},
            (_("Read aloud: the record opens at the end of the six weeks, or at once when they are over."),),
            _("Write down that %(name)s no longer refuses") % {"name": name},
        ),
        "close": (
            _("Close the record of %(name)s?") % {"name": name},
            (
                _("Read aloud: nobody reads the record any more, and nothing is filed in it."),
                _("It is kept locked away for ten years. Within this time one call opens it again."),
            ),
            _("Close the record of %(name)s") % {"name": name},
        ),
    }[act]
    return Ask(title, yes, reverse("assist:session"), lines=lines, is_dangerous=act != "withdraw")


@sensitive_post_parameters("login", "password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
@running
def activate(request: WebRequest, helped: Beside) -> HttpResponse:
    """The person opens the record: types an identifier and a password that the helper does not see."""
    if not helped.can("activate"):
        raise Refused("ABSENT")
    form = AccountForm(request.POST or None, initial={"login": assisting.suggest_login(request.actor)})
    trouble = None
    if request.method == "POST" and (helped.card.is_child or form.is_valid()):
        given = {} if helped.card.is_child else form.cleaned_data
        try:
            assisting.activate(
                actor=request.actor,
                login=given.get("login", ""),
                password=given.get("password", ""),
                language=get_language() or "fr",
            )
        except Conflict:
            form.add_error("login", _("Somebody has this identifier already. Write another one."))
        except Invalid as fault:
            form.add_error("login" if fault.field == "login" else "password", f"{fault.message} {fault.way_out}")
        except NotAccepted as error:
            trouble = of_error(error)
        else:
            return _done(request, _("The record is open. The person keeps the identifier and the password."))
    shown = {"helped": helped, "form": form, "trouble": trouble}
    return render(request, "activate", shown, 422 if form.errors else 200)


@require_http_methods(["GET", "HEAD"])
@running
def forms(request: WebRequest, helped: Beside) -> HttpResponse:
    """Forms to take home: signed, they come back by post and are carried out."""
    can = [(kind, label) for kind, label in FORMS.items() if helped.can_print(kind)]
    return render(request, "forms", {"helped": helped, "forms": can, "has_doctor": helped.can_print("attending")})


@require_POST
@running
def print_form(request: WebRequest, helped: Beside) -> HttpResponse:
    """One form, with the square that says whose it is."""
    kind, doctor_id = request.POST.get("kind", ""), request.POST.get("doctor", "")
    try:
        content = printing.form(
            actor=request.actor,
            person_id=helped.card.person_id,
            kind=kind,
            language=get_language() or "fr",
            professional_id=UUID(doctor_id) if doctor_id else None,
        )
    except (Invalid, ValueError):
        raise Refused("ABSENT") from None
    return pdf(content)


def _done(request: WebRequest, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("assist:session")
