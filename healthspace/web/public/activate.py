"""Opening the health space with the letter's code: four questions, then one is inside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from healthspace.common.errors import Conflict, Invalid, Unavailable
from healthspace.enrolment.actions import answers
from healthspace.enrolment.rules.claims import Claim, NotAccepted, TooSoon
from healthspace.journeys import sign_in as journey
from healthspace.people.reads import AccountCard
from healthspace.web.answer_told import TOLD, Told, of_error
from healthspace.web.entering import IS_FIRST, open_session
from healthspace.web.middleware import WebRequest
from healthspace.web.public import start_claim
from healthspace.web.public.activate_forms import AccountForm, EmergencyForm, MailCodeForm, MailForm, SharingForm
from healthspace.web.public.start import tell
from healthspace.web.public.start_claim import for_claim

Words = str | Promise
MOST: Final = 4
MOST_FOR_CHILD: Final = 3
NEXT: Final = _("Continue")


@dataclass(frozen=True, slots=True)
class Question:
    """One page of the opening: its place, its words, where it goes back to, another way on."""

    number: int
    title: Words
    lines: tuple[Words, ...]
    back: str
    yes: Words = NEXT
    after: Words = ""
    other: Words = ""
    other_name: str = ""
    is_last: bool = False


EMERGENCY: Final = Question(
    1,
    _("In an emergency, who may open the space?"),
    (
        _("Your life is in danger and you cannot speak. A doctor looks for your treatments and your allergies."),
        _("Each opening is written down, and you are told."),
        _("You can change this at any time, also for hidden documents alone."),
    ),
    "public:choice",
)
SHARING: Final = Question(
    2,
    _("Who may read the space to begin with?"),
    (
        _("Professionals can add documents. To read the space, they need a yes."),
        _("The attending doctor is the one that the health insurance knows."),
        _("By law, this doctor sees hidden documents too."),
        _("You can change this, hide a document or block somebody at any time."),
    ),
    "public:open",
)
MAIL: Final = Question(
    3,
    _("Where do we tell you that something is new?"),
    (_("Our mails say only that something is new. They say nothing about your health."),),
    "public:open_sharing",
    after=_("We send 8 digits to this address, to be sure that it is yours."),
    other=_("I have no e-mail: go on without"),
    other_name="without",
)
MAIL_CODE: Final = Question(
    3,
    _("Write the 8 digits of the e-mail"),
    (
        _("We have sent them to the address you wrote. They work for 10 minutes."),
        _("Nothing there? Look among the unwanted mails, or go back and check the address."),
    ),
    "public:open_mail",
    other=_("No e-mail arrives: go on without"),
    other_name="without",
)
ACCOUNT: Final = Question(
    4,
    _("How will you come back?"),
    (_("Write these two down in a safe place. You need them each time."),),
    "public:open_mail",
    yes=_("Open the space"),
    is_last=True,
)
FOR_CHILD: Final = Question(
    3,
    _("Open the child’s space?"),
    (
        _("Its documents can then arrive in it. The parents answer for it until the child is 18."),
        _("If you do nothing, the space opens on the date of the letter. It can be closed at any time."),
    ),
    "public:open_sharing",
    yes=_("Open the space"),
    is_last=True,
)


def ask(
    request: WebRequest, question: Question, form: forms.Form, claim: Claim, told: Told | None = None
) -> HttpResponse:
    """One question on its page."""
    status = told.status if told else 422 if form.errors else 200
    shown: dict[str, Any] = {"q": question, "form": form, "claim": claim, "trouble": told}
    shown |= {"most": MOST_FOR_CHILD if claim.is_child else MOST, "back": reverse(question.back)}
    return render(request, "web/public/open.html", shown, status=status)


def answered(request: WebRequest, form: forms.Form) -> bool:
    """True when the form was sent and is right; its answers are kept for the last page."""
    if request.method != "POST" or not form.is_valid():
        return False
    start_claim.keep(request, **form.cleaned_data)
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@for_claim("activate")
def emergency(request: WebRequest, claim: Claim) -> HttpResponse:
    """Question 1."""
    form = EmergencyForm(request.POST or None, initial=start_claim.choices(request))
    if answered(request, form):
        return redirect("public:open_sharing")
    return ask(request, EMERGENCY, form, claim)


@require_http_methods(["GET", "HEAD", "POST"])
@for_claim("activate")
def sharing(request: WebRequest, claim: Claim) -> HttpResponse:
    """Question 2."""
    form = SharingForm(request.POST or None, initial=start_claim.choices(request))
    if answered(request, form):
        return redirect("public:open_child" if claim.is_child else "public:open_mail")
    return ask(request, SHARING, form, claim)


@require_http_methods(["GET", "HEAD", "POST"])
@for_claim("activate")
def mail(request: WebRequest, claim: Claim) -> HttpResponse:
    """Question 3: an address, or none."""
    if "without" in request.POST:
        return redirect("public:open_account")
    form = MailForm(request.POST or None)
    told = None
    if request.method == "POST" and form.is_valid():
        try:
            answers.send_contact_code(claim, email=form.cleaned_data["email"], language=spoken())
        except Invalid:
            form.add_error("email", _("Write one e-mail address. Example: name@example.org"))
        except TooSoon as error:
            told = of_error(error)
        except Unavailable:
            told = TOLD["no_mail"]
        else:
            return redirect("public:open_mail_code")
    return ask(request, MAIL, form, claim, told)


@require_http_methods(["GET", "HEAD", "POST"])
@for_claim("activate")
def mail_code(request: WebRequest, claim: Claim) -> HttpResponse:
    """Question 3, second half: the address is theirs."""
    if "without" in request.POST:
        return redirect("public:open_account")
    form = MailCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if answers.confirm_contact(claim, digits=form.cleaned_data["digits"]):
            return redirect("public:open_account")
        form.add_error("digits", _("These are not the digits we sent, or they are too old."))
    return ask(request, MAIL_CODE, form, claim)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@for_claim("activate")
def account(request: WebRequest, claim: Claim) -> HttpResponse:
    """Question 4, then the space is open and its holder inside."""
    if claim.is_child:
        return redirect("public:open_child")
    form = AccountForm(request.POST or None, initial={"login": answers.suggest_login(claim)})
    told = None
    if request.method == "POST" and form.is_valid():
        try:
            given = form.cleaned_data
            card = answers.activate(claim, login=given["login"], password=given["password"], **chosen(request))
        except NotAccepted as error:
            told = of_error(error)
        except Invalid as fault:
            form.add_error(fault.field, f"{fault.message} {fault.way_out}")
        except Conflict:
            form.add_error("login", _("Somebody has this identifier. Add some digits to it."))
        else:
            return enter(request, card)
    return ask(request, ACCOUNT, form, claim, told)


@require_http_methods(["GET", "HEAD", "POST"])
@for_claim("activate")
def child(request: WebRequest, claim: Claim) -> HttpResponse:
    """The last page for a child: no account of its own."""
    if not claim.is_child:
        return redirect("public:open_account")
    told = None
    if request.method == "POST":
        try:
            answers.activate(claim, **chosen(request))
        except NotAccepted as error:
            told = of_error(error)
        else:
            start_claim.let_go(request)
            return redirect("public:child_opened")
    return ask(request, FOR_CHILD, forms.Form(), claim, told)


@require_safe
def child_opened(request: WebRequest) -> HttpResponse:
    """The child's space is open."""
    return tell(request, TOLD["child_opened"])


def enter(request: WebRequest, card: AccountCard | None) -> HttpResponse:
    """Inside, in a new session (T08)."""
    if card is None:
        return redirect("public:sign_in")
    open_session(request, card.id, means="letter")
    request.session[IS_FIRST] = True
    return redirect("citizen:home" if journey.factors(card.id).has_second_step else "ways:paper_first")


def chosen(request: WebRequest) -> dict[str, Any]:
    """The answers of the pages before, as the room takes them; what was skipped stays as the law has it."""
    picked = start_claim.choices(request)
    emergency = picked.get("emergency", "all")
    return {
        "is_samu_opposed": emergency == "none",
        "is_break_glass_opposed": emergency in {"none", "samu"},
        "is_masked_opposed": emergency == "none",
        "names_attending_doctor": picked.get("sharing") == "attending",
        "language": spoken(),
    }


def spoken() -> str:
    """The language of this visit."""
    return (get_language() or "fr")[:2]
