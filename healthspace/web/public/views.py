"""Front page, help, legal pages, language."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from healthspace.spaces import actions as spaces
from healthspace.web import recall
from healthspace.web.audience import home_of
from healthspace.web.middleware import WebRequest

PERSON_SIDE = frozenset({"holder", "representative", "caregiver"})
YEAR = 365 * 24 * 3600


def safe_next(request: HttpRequest, address: str) -> str:
    """The address to go on to, if it is one of ours."""
    is_ours = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if is_ours and address.startswith("/") else ""


@require_safe
def front(request: WebRequest) -> HttpResponseBase:
    """The first page for visitors; those who are signed in go to their own."""
    home = home_of(request.actor)
    return redirect(home) if home else render(request, "web/public/front.html")


@require_safe
def help_page(request: WebRequest) -> HttpResponse:
    """Whom to call, and the usual questions."""
    base = "web/citizen/base.html" if request.actor.kind in PERSON_SIDE else "web/public/base.html"
    return render(request, "web/public/help.html", {"base": base})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """The statement of conformity that the law asks for (law 2005-102, article 47)."""
    return render(request, "web/public/accessibility.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is kept, who sees it, which rights."""
    return render(request, "web/public/privacy.html")


@require_POST
def language(request: WebRequest) -> HttpResponse:
    """Keep the chosen language on this device, and a holder's for their mails; come back to the page."""
    response = redirect(safe_next(request, request.POST.get("next", "")) or "public:front")
    code = request.POST.get("language", "")
    if code in dict(settings.LANGUAGES):
        own = recall.own(request.actor)
        if own.kind == "holder" and own.person_id is not None:
            spaces.change_language(actor=own, person_id=own.person_id, language=code)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=YEAR,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response
