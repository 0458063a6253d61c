"""What binds a person to professionals and structures, and to those who act for them."""

from healthspace.access.models.assistance import Assistance as Assistance
from healthspace.access.models.assistance import Certification as Certification
from healthspace.access.models.assistance import PaperForm as PaperForm
from healthspace.access.models.delegations import Delegation as Delegation
from healthspace.access.models.delegations import Helping as Helping
from healthspace.access.models.family import Invitation as Invitation
from healthspace.access.models.family import MajorityTold as MajorityTold
from healthspace.access.models.family import TeenConsent as TeenConsent
from healthspace.access.models.family import TeenWay as TeenWay
from healthspace.access.models.mandates import Charge as Charge
from healthspace.access.models.mandates import Mandate as Mandate
from healthspace.access.models.mandates import MandateTable as MandateTable
from healthspace.access.models.ties import Tie as Tie
