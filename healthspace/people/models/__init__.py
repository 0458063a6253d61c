"""Who can act: the public directory, accounts, software."""

from healthspace.people.models.accounts import Account as Account
from healthspace.people.models.accounts import SignInTry as SignInTry
from healthspace.people.models.clients import SoftwareKey as SoftwareKey
from healthspace.people.models.clients import SpentAssertion as SpentAssertion
from healthspace.people.models.directory import Institution as Institution
from healthspace.people.models.directory import Practice as Practice
from healthspace.people.models.directory import Professional as Professional
from healthspace.people.models.factors import PaperCode as PaperCode
from healthspace.people.models.factors import Passkey as Passkey
from healthspace.people.models.factors import SignInMinute as SignInMinute
from healthspace.people.models.factors import SpentChallenge as SpentChallenge
from healthspace.people.models.factors import StepAttempt as StepAttempt
from healthspace.people.models.factors import StepMark as StepMark
from healthspace.people.models.factors import Totp as Totp
from healthspace.people.models.factors import TrustedDevice as TrustedDevice
from healthspace.people.models.providers import ProviderAttempt as ProviderAttempt
from healthspace.people.models.providers import ProviderLink as ProviderLink
from healthspace.people.models.providers import ProviderSession as ProviderSession
from healthspace.people.models.sessions import Session as Session
from healthspace.people.models.software import Software as Software
from healthspace.people.models.software import Token as Token
