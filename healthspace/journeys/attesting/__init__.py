"""The certificate of help: what it says, and its page."""
