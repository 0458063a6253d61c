"""Tickets of the people who ask for help, acts that need two agents, and the agents' queue."""

from healthspace.support.models.acts import JointAct as JointAct
from healthspace.support.models.queue import Agent as Agent
from healthspace.support.models.queue import QueueLine as QueueLine
from healthspace.support.models.tickets import Ticket as Ticket
from healthspace.support.models.tickets import TicketFile as TicketFile
from healthspace.support.models.tickets import TicketMessage as TicketMessage
