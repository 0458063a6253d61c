"""Who may do what: the law in plain Python (CSP L.1111-13 ff., R.1111-46 ff.)."""

from healthspace.access.rules.ages import comes_of_age as comes_of_age
from healthspace.access.rules.law import decide as decide
from healthspace.access.rules.terms import AUTHOR as AUTHOR
from healthspace.access.rules.terms import CONSULT_ASKS as CONSULT_ASKS
from healthspace.access.rules.terms import DIRECTIVES as DIRECTIVES
from healthspace.access.rules.terms import HOLDER_SIDE as HOLDER_SIDE
from healthspace.access.rules.terms import ITEM_ASKS as ITEM_ASKS
from healthspace.access.rules.terms import KEEPING as KEEPING
from healthspace.access.rules.terms import LAW_ZONE as LAW_ZONE
from healthspace.access.rules.terms import LIVE as LIVE
from healthspace.access.rules.terms import MAJORITY_YEARS as MAJORITY_YEARS
from healthspace.access.rules.terms import MASKING as MASKING
from healthspace.access.rules.terms import OPEN_STATES as OPEN_STATES
from healthspace.access.rules.terms import PATIENT_ASKS as PATIENT_ASKS
from healthspace.access.rules.terms import READ as READ
from healthspace.access.rules.terms import REVEAL as REVEAL
from healthspace.access.rules.terms import SETTING_ASKS as SETTING_ASKS
from healthspace.access.rules.terms import TAKEN_IN_STATES as TAKEN_IN_STATES
from healthspace.access.rules.terms import Asker as Asker
from healthspace.access.rules.terms import Decision as Decision
from healthspace.access.rules.terms import allow as allow
from healthspace.access.rules.terms import deny as deny
from healthspace.access.rules.terms import is_author as is_author
