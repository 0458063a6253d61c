"""How this room reaches authenticators, mail and SMS servers, and lists of leaked passwords."""
