"""What an operator is told when something cannot go on: one sentence, one way out."""


class CannotRun(Exception):  # noqa: N818 - read aloud: "cannot run: ..."
    """The product cannot go on; the text is a clear sentence and the way out. Exit code 2."""
