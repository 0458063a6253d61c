"""What may be seen of a record, by whom, and for whom one may act."""

from healthspace.access.reads.assistance import AssistanceCard as AssistanceCard
from healthspace.access.reads.assistance import assistances as assistances
from healthspace.access.reads.assistance import certified_name as certified_name
from healthspace.access.reads.assistance import done_in_assistance as done_in_assistance
from healthspace.access.reads.assistance import own_assistance as own_assistance
from healthspace.access.reads.delegations import HelpedCard as HelpedCard
from healthspace.access.reads.delegations import HelperCard as HelperCard
from healthspace.access.reads.delegations import asking_me as asking_me
from healthspace.access.reads.delegations import helped as helped
from healthspace.access.reads.delegations import helpers as helpers
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
