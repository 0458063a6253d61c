"""Writing the journal, and keeping its tree."""

from healthspace.audit.actions.lines import Outcome, prepare, record
from healthspace.audit.actions.mass import record_all
from healthspace.audit.actions.tree import sequence
from healthspace.audit.actions.witnesses import ask_witnesses
from healthspace.audit.ports import Seal

__all__ = ["Outcome", "Seal", "ask_witnesses", "prepare", "record", "record_all", "sequence"]
