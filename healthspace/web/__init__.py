"""The door for people: server-rendered pages, complete without script."""
