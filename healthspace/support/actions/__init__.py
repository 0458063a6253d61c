"""Writing to the desk and answering; acts of two agents; limited unlocking."""

from healthspace.support.actions.agents import name_agent as name_agent
from healthspace.support.actions.erasing import erase as erase
from healthspace.support.actions.erasing import erase_old as erase_old
from healthspace.support.actions.joint import agree as agree
from healthspace.support.actions.joint import propose as propose
from healthspace.support.actions.joint import turn_down as turn_down
from healthspace.support.actions.tickets import answer_ticket as answer_ticket
from healthspace.support.actions.tickets import close_ticket as close_ticket
from healthspace.support.actions.tickets import send_ticket as send_ticket
from healthspace.support.actions.tickets import write_on as write_on
from healthspace.support.actions.unlocking import TooMany as TooMany
from healthspace.support.actions.unlocking import unlock as unlock
