"""What may be seen of a record, by whom, and for whom one may act."""

from healthspace.access.reads.mandates import MOST_CHARGES as MOST_CHARGES
from healthspace.access.reads.mandates import ChargeCard as ChargeCard
from healthspace.access.reads.mandates import charges as charges
from healthspace.access.reads.records import Patient as Patient
from healthspace.access.reads.records import find_patient as find_patient
from healthspace.access.reads.records import identity as identity
from healthspace.access.reads.records import journal_of as journal_of
from healthspace.access.reads.records import open_record as open_record
from healthspace.access.reads.ties import TieCard as TieCard
from healthspace.access.reads.ties import Viewer as Viewer
from healthspace.access.reads.ties import ties as ties
from healthspace.access.reads.ties import who_can_see as who_can_see
