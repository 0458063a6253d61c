"""Sessions in the database, read by one plain statement: every page begins with it."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session

from healthspace.common import clock
from healthspace.schema.message import call, send, to_text

_ONE = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    """Django's own store; only reading is shorter."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table of Django's own store."""
        return Session

    def load(self) -> dict[str, Any]:
        """What the session holds; empty, under a new key, when it is not there or over."""
        found = send(call(_ONE, [self.session_key, clock.now()]), (to_text,))
        if not found:
            self._session_key = None
            return {}
        held: dict[str, Any] = self.decode(found[0][0])
        return held
