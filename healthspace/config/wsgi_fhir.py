"""The FHIR door as a WSGI application: bare, for machines; Django is set up for its tables and settings only."""

import os

import django

from healthspace.config.door import Application, door

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "healthspace.config.settings.dev")


def _application() -> Application:
    django.setup()
    from healthspace.fhir import wsgi  # needs a Django that is set up

    return door(wsgi.application)


application = _application()
