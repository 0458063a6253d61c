"""What an operator is told when something cannot go on: one sentence, one way out."""

import errno

# What only a path that was given can be wrong with.
OF_ARGUMENTS = frozenset({errno.ENOENT, errno.EISDIR, errno.ENOTDIR, errno.EEXIST, errno.ENAMETOOLONG, errno.ELOOP})


class CannotRun(Exception):
    """The product cannot go on; the text is a clear sentence and the way out. Exit code 2."""


def in_words(fault: OSError) -> str | None:
    """The faults of a disk that an operator can mend, as a sentence; None for any other."""
    path = f" ({fault.filename})" if fault.filename else ""
    if fault.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"The disk is full{path}. Free some space, or choose another disk with HEALTHSPACE_HOME."
    if fault.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        way_out = "Give this user the right, or choose another HEALTHSPACE_HOME."
        return f"A file cannot be read or written{path}: {fault.strerror}. {way_out}"
    if fault.errno in OF_ARGUMENTS and fault.filename:
        return f"{fault.filename} (FILE): {fault.strerror}. Give a file or folder that is there."
    return None
