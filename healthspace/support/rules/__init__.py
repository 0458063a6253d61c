"""What a ticket may hold, how long it is kept, which acts need two agents, and how much one agent unlocks."""

from healthspace.support.rules.acts import KINDS as KINDS
from healthspace.support.rules.acts import LASTS as LASTS
from healthspace.support.rules.acts import LONGEST_DETAIL as LONGEST_DETAIL
from healthspace.support.rules.acts import UNLOCK_REASONS as UNLOCK_REASONS
from healthspace.support.rules.acts import UNLOCKS_A_DAY as UNLOCKS_A_DAY
from healthspace.support.rules.tickets import KEPT_DAYS as KEPT_DAYS
from healthspace.support.rules.tickets import LARGEST_BYTES as LARGEST_BYTES
from healthspace.support.rules.tickets import LONGEST_NAME as LONGEST_NAME
from healthspace.support.rules.tickets import LONGEST_TEXT as LONGEST_TEXT
from healthspace.support.rules.tickets import MOST_FILES as MOST_FILES
from healthspace.support.rules.tickets import MOST_OPEN as MOST_OPEN
from healthspace.support.rules.tickets import TOPICS as TOPICS
from healthspace.support.rules.tickets import media_type_of as media_type_of
from healthspace.support.rules.tickets import plain_name as plain_name
