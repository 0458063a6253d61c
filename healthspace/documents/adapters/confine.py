"""Takes powers away from the parser process: limits, system calls, root. Runs inside that process only.

Two filters: one for the process that forks, set once; a stricter one on top in each child. Whatever is not
listed answers "not permitted", so that a library that tries (fonts, catalogues) goes on without.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import resource
import struct
from pathlib import Path

SYSCALLS = Path(__file__).parents[1] / "data" / "syscalls.json"
NOBODY = 65534
BARE = Path("/proc/self/fdinfo")  # a folder the kernel keeps: nothing to make, nothing left behind

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
SECCOMP_MODE_FILTER = 2
LOAD_WORD, JUMP_EQUAL, RETURN = 0x20, 0x15, 0x06
KILL, DENY, ALLOW = 0x80000000, 0x00050001, 0x7FFF0000

libc = ctypes.PyDLL(None, use_errno=True)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))


def _step(code: int, yes: int, no: int, value: int) -> bytes:
    return struct.pack("=HBBI", code, yes, no, value)


def _program(audit: int, numbers: list[int], *, listed: int, others: int) -> bytes:
    """A filter in kernel byte code: `listed` for these calls, `others` for the rest, death for a foreign machine."""
    steps = [_step(LOAD_WORD, 0, 0, 4), _step(JUMP_EQUAL, 1, 0, audit), _step(RETURN, 0, 0, KILL)]
    steps.append(_step(LOAD_WORD, 0, 0, 0))
    steps += [_step(JUMP_EQUAL, len(numbers) - at, 0, number) for at, number in enumerate(numbers)]
    return b"".join([*steps, _step(RETURN, 0, 0, others), _step(RETURN, 0, 0, listed)])


def programs() -> tuple[bytes, bytes] | None:
    """The filters of the forker and of its children, or None on a machine whose calls we have no table for."""
    table = json.loads(SYSCALLS.read_text()).get(platform.machine())
    if table is None:
        return None
    parser, forker = sorted(table["parser"].values()), sorted(table["forker"].values())
    return (
        _program(table["audit"], parser + forker, listed=ALLOW, others=DENY),
        _program(table["audit"], forker, listed=DENY, others=ALLOW),
    )


def apply_filter(program: bytes) -> bool:
    """Set a filter for good, for this process and what it forks."""
    block = _Program(len(program) // 8, program)
    return bool(libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(block), 0, 0) == 0)


def renounce() -> None:
    """Once, before anything is read: no new powers, no memory dumps, no files to write."""
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))


def drop_root() -> bool:
    """As root without namespaces: a bare root folder and the user nobody. Libraries must be loaded before."""
    if os.geteuid() != 0 or not BARE.is_dir():
        return False
    os.chroot(BARE)
    os.chdir("/")
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    return True


def limit(seconds: int, memory_mb: int) -> None:
    """Of one child: processor time (1 to `seconds`), address space in MiB, no processes, death with its forker."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    libc.prctl(PR_SET_PDEATHSIG, 9, 0, 0, 0)
