"""Identifiers of professionals and structures, logins, passwords, and the limit on wrong tries."""

from healthspace.people.rules.directory import FINESS as FINESS
from healthspace.people.rules.directory import RPPS as RPPS
from healthspace.people.rules.directory import is_finess as is_finess
from healthspace.people.rules.directory import is_rpps as is_rpps
from healthspace.people.rules.directory import luhn_is_right as luhn_is_right
from healthspace.people.rules.directory import search_key as search_key
from healthspace.people.rules.directory import spoken_name as spoken_name
from healthspace.people.rules.logins import LOGIN as LOGIN
from healthspace.people.rules.logins import LONGEST_PASSWORD as LONGEST_PASSWORD
from healthspace.people.rules.logins import MOST_TRIES_PER_LOGIN as MOST_TRIES_PER_LOGIN
from healthspace.people.rules.logins import MOST_TRIES_PER_SOURCE as MOST_TRIES_PER_SOURCE
from healthspace.people.rules.logins import NIR_LIKE as NIR_LIKE
from healthspace.people.rules.logins import SHORTEST_PASSWORD as SHORTEST_PASSWORD
from healthspace.people.rules.logins import WAIT as WAIT
from healthspace.people.rules.logins import TooManyTries as TooManyTries
from healthspace.people.rules.logins import login_fault as login_fault
from healthspace.people.rules.logins import password_fault as password_fault
from healthspace.people.rules.logins import storable as storable
