"""Addresses of the web door; those of the FHIR door are healthspace.fhir.urls (see wsgi_fhir)."""

from django.conf import settings
from django.urls import include, path

urlpatterns = (
    [path("", include("healthspace.web.urls"))] if (settings.ROOT / "healthspace/web/urls.py").exists() else []
)
