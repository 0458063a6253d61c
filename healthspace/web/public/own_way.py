"""The letter with a code for a sign-in of one's own: an identifier and a password, then one is inside."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from healthspace.common.errors import Conflict, Invalid
from healthspace.enrolment.actions import answers
from healthspace.enrolment.rules.claims import Claim, NotAccepted
from healthspace.journeys import family
from healthspace.web.answer_told import of_error
from healthspace.web.middleware import WebRequest
from healthspace.web.public.activate import Question, enter, spoken
from healthspace.web.public.activate_forms import AccountForm
from healthspace.web.public.start_claim import for_claim

ACCOUNT = Question(
    1,
    _("How will you come back?"),
    (
        _("Until now, only your parents could sign in to your health space. From now on you can, too."),
        _("Until you are 18, your parents still act for you there."),
        _("Write these two down in a safe place. You need them each time."),
    ),
    "public:start_help",
    yes=_("Make my sign-in"),
    is_last=True,
)
OF_AGE = replace(ACCOUNT, lines=(ACCOUNT.lines[0], _("From now on, you alone decide there."), ACCOUNT.lines[2]))


@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
@for_claim("own_way")
def own_way(request: WebRequest, claim: Claim) -> HttpResponse:
    """One question: the identifier and the password."""
    form = AccountForm(request.POST or None, initial={"login": answers.suggest_login(claim)})
    told = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            card = family.open_own_way(claim, login=given["login"], password=given["password"], language=spoken())
        except NotAccepted as error:
            told = of_error(error)
        except Invalid as fault:
            form.add_error(fault.field, f"{fault.message} {fault.way_out}")
        except Conflict:
            form.add_error("login", _("Somebody has this identifier. Add some digits to it."))
        else:
            return enter(request, card)
    status = told.status if told else 422 if form.errors else 200
    question = ACCOUNT if claim.is_child else OF_AGE
    shown = {"q": question, "form": form, "claim": claim, "trouble": told, "most": 1, "back": reverse(question.back)}
    return render(request, "web/public/open.html", shown, status=status)
