"""What agents and holders see of the desk."""

from healthspace.support.reads.agents import agent_name as agent_name
from healthspace.support.reads.agents import named as named
from healthspace.support.reads.joint import ActCard as ActCard
from healthspace.support.reads.joint import act as act
from healthspace.support.reads.queue import QueueCard as QueueCard
from healthspace.support.reads.queue import waiting as waiting
from healthspace.support.reads.queue import whose as whose
from healthspace.support.reads.tickets import FileCard as FileCard
from healthspace.support.reads.tickets import Message as Message
from healthspace.support.reads.tickets import TicketCard as TicketCard
from healthspace.support.reads.tickets import is_blob_named as is_blob_named
