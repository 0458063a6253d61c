"""Addresses of the web door; those of the FHIR door are healthspace.fhir.urls (see wsgi_fhir)."""

from django.urls import include, path

urlpatterns = [path("", include("healthspace.web.urls"))]
handler400 = "healthspace.web.faults.bad_request"
handler403 = "healthspace.web.faults.forbidden"
handler404 = "healthspace.web.faults.not_found"
handler500 = "healthspace.web.faults.broken"
