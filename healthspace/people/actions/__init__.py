"""What changes accounts, the directory and the software that may call."""

from healthspace.people.actions.accounts import close_account as close_account
from healthspace.people.actions.accounts import close_accounts as close_accounts
from healthspace.people.actions.accounts import create_account as create_account
from healthspace.people.actions.accounts import forget_accounts as forget_accounts
from healthspace.people.actions.accounts import reopen_accounts as reopen_accounts
from healthspace.people.actions.directory import add_practice as add_practice
from healthspace.people.actions.directory import ensure_institution as ensure_institution
from healthspace.people.actions.directory import ensure_professional as ensure_professional
from healthspace.people.actions.limits import count_try as count_try
from healthspace.people.actions.limits import forgive_tries as forgive_tries
from healthspace.people.actions.limits import take_back_try as take_back_try
from healthspace.people.actions.sessions import Opened as Opened
from healthspace.people.actions.sessions import end_session as end_session
from healthspace.people.actions.sessions import end_session_of as end_session_of
from healthspace.people.actions.sessions import end_sessions as end_sessions
from healthspace.people.actions.sessions import forget_old_sessions as forget_old_sessions
from healthspace.people.actions.sessions import open_session as open_session
from healthspace.people.actions.sessions import restrict as restrict
from healthspace.people.actions.sessions import see_session as see_session
from healthspace.people.actions.sign_in import Proof as Proof
from healthspace.people.actions.sign_in import authenticate as authenticate
from healthspace.people.actions.sign_in import confirm as confirm
from healthspace.people.actions.sign_in import forget_old_tries as forget_old_tries
from healthspace.people.actions.software import issue_token as issue_token
from healthspace.people.actions.software import register_software as register_software
from healthspace.people.actions.software import revoke_token as revoke_token
