"""The directory as cards, and who acts behind an account or a token."""

from healthspace.people.reads.accounts import AccountCard as AccountCard
from healthspace.people.reads.accounts import account as account
from healthspace.people.reads.accounts import account_by_login as account_by_login
from healthspace.people.reads.accounts import account_card as account_card
from healthspace.people.reads.accounts import account_of_person as account_of_person
from healthspace.people.reads.accounts import actor_of as actor_of
from healthspace.people.reads.accounts import actor_of_account as actor_of_account
from healthspace.people.reads.accounts import professional_actor as professional_actor
from healthspace.people.reads.directory import InstitutionCard as InstitutionCard
from healthspace.people.reads.directory import ProfessionalCard as ProfessionalCard
from healthspace.people.reads.directory import find_professionals as find_professionals
from healthspace.people.reads.directory import institution as institution
from healthspace.people.reads.directory import institution_by_finess as institution_by_finess
from healthspace.people.reads.directory import institution_card as institution_card
from healthspace.people.reads.directory import practices as practices
from healthspace.people.reads.directory import professional as professional
from healthspace.people.reads.directory import professional_by_rpps as professional_by_rpps
from healthspace.people.reads.directory import professional_card as professional_card
from healthspace.people.reads.directory import professional_ids as professional_ids
from healthspace.people.reads.tokens import MOST_TOKENS as MOST_TOKENS
from healthspace.people.reads.tokens import TOKEN_MEMORY as TOKEN_MEMORY
from healthspace.people.reads.tokens import actor_by_token as actor_by_token
from healthspace.people.reads.tokens import forget_tokens as forget_tokens
from healthspace.people.reads.tokens import software_id as software_id
from healthspace.people.reads.tokens import token_digest as token_digest
