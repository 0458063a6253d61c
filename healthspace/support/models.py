"""Tickets of the people who ask for help, and acts that need two agents."""
