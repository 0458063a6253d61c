"""Who can act: the public directory, accounts, software."""

from healthspace.people.models.accounts import Account as Account
from healthspace.people.models.accounts import SignInTry as SignInTry
from healthspace.people.models.directory import Institution as Institution
from healthspace.people.models.directory import Practice as Practice
from healthspace.people.models.directory import Professional as Professional
from healthspace.people.models.software import Software as Software
from healthspace.people.models.software import Token as Token
