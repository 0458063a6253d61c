"""Addresses of the web door; those of the FHIR door are healthspace.fhir.urls (see wsgi_fhir)."""

from django.conf import settings
from django.urls import include, path

urlpatterns = (
    [path("", include("healthspace.web.urls"))] if (settings.ROOT / "healthspace/web/urls.py").exists() else []
)
handler400 = "healthspace.web.faults.bad_request"
handler403 = "healthspace.web.faults.forbidden"
handler404 = "healthspace.web.faults.not_found"
handler500 = "healthspace.web.faults.broken"
