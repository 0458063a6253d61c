"""The FHIR door as a WSGI application: its own addresses, and only the middleware machines need."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from healthspace.config.door import door

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "healthspace.config.settings.dev")
settings.ROOT_URLCONF = settings.FHIR_ROOT_URLCONF
settings.MIDDLEWARE = settings.FHIR_MIDDLEWARE
application = door(get_wsgi_application())
