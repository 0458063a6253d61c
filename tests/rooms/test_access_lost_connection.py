"""A connection lost in the middle of an act is an outage, told as one, and the next act works."""

from __future__ import annotations

import os
import socket

import pytest
from django.db import DatabaseError, connection

from healthspace.access import deed, gate
from healthspace.documents import reads
from healthspace.documents.reads import ListQuery
from healthspace.schema.message import send
from tests import people


def lose() -> None:
    """As when the server is killed."""
    line = socket.socket(fileno=os.dup(connection.connection.pgconn.socket))
    line.shutdown(socket.SHUT_RDWR)
    line.close()


def test_reading__connection_lost_in_the_middle_is_a_database_error() -> None:
    amina = people.amina()
    with pytest.raises(DatabaseError), deed.reading(actor=amina.actor, person_id=amina.person_id) as standing:
        lose()
        gate.require(standing, "list")
        send("SELECT 1")
    page = reads.list_documents(actor=amina.actor, person_id=amina.person_id, query=ListQuery())
    assert page.cards == ()
