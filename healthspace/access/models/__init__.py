"""What binds a person to professionals and structures, and to those who act for them."""

from healthspace.access.models.mandates import Charge as Charge
from healthspace.access.models.mandates import Mandate as Mandate
from healthspace.access.models.mandates import MandateTable as MandateTable
from healthspace.access.models.ties import Tie as Tie
