"""The first lock: looks the facts up, asks `rules.decide`, and writes the journal.

`enter` costs one round trip: row-level context, the state of the space and what binds this person
to whoever asks, all in one message. Decisions are never kept from one act to the next (T35), and
always taken on the primary (T36).
"""

from healthspace.access.gate.deciding import READING as READING
from healthspace.access.gate.deciding import RefusedHere as RefusedHere
from healthspace.access.gate.deciding import absent as absent
from healthspace.access.gate.deciding import decide as decide
from healthspace.access.gate.deciding import require as require
from healthspace.access.gate.facts import LAW_ZONE as LAW_ZONE
from healthspace.access.gate.facts import Standing as Standing
from healthspace.access.gate.facts import enter as enter
from healthspace.access.gate.facts import session_of as session_of
from healthspace.access.gate.seeing import level as level
from healthspace.access.gate.seeing import level_sql as level_sql
from healthspace.access.gate.seeing import visible as visible
from healthspace.access.gate.writing import event_seal as event_seal
from healthspace.access.gate.writing import journal as journal
from healthspace.access.gate.writing import journal_sql as journal_sql
from healthspace.access.gate.writing import sealer as sealer
