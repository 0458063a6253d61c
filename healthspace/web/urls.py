"""Addresses of the pages. Each audience keeps its own list."""

from django.urls import include, path

from healthspace.web import assets

urlpatterns = [
    path("static/<path:name>", assets.serve, name="asset"),
    path("", include("healthspace.web.public.urls")),
    path("settings/sign-in/", include("healthspace.web.account.urls")),
    path("", include("healthspace.web.citizen.urls")),
    path("pro/", include("healthspace.web.professional.urls")),
    path("operator/", include("healthspace.web.operator.urls")),
    path("support/", include("healthspace.web.support.urls")),
    path("assist/", include("healthspace.web.assist.urls")),
]
