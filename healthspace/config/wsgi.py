"""The web door as a WSGI application."""

import os

from django.core.wsgi import get_wsgi_application

from healthspace.config.door import door

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "healthspace.config.settings.dev")
application = door(get_wsgi_application())
