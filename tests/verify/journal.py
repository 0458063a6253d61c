"""Checks an exported journal, or one line's proof, without a word of the product's own code.

The standard library, and `cryptography` for Ed25519. Written from RFC 6962 and the C2SP pages
signed-note, tlog-checkpoint and tlog-tiles; an auditor may write their own from the same.

    python journal.py FOLDER VERIFIER-KEY
"""

import base64
import hashlib
import json
import sys
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

WIDTH = 256


def leaf(text: bytes) -> bytes:
    return hashlib.sha256(b"\0" + text).digest()


def pair(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


class Stack:
    """The roots of the perfect subtrees so far, largest first: all that a growing tree needs."""

    def __init__(self) -> None:
        self.roots: list[tuple[int, bytes]] = []

    def add(self, hashed: bytes) -> None:
        height = 0
        while self.roots and self.roots[-1][0] == height:
            hashed = pair(self.roots.pop()[1], hashed)
            height += 1
        self.roots.append((height, hashed))

    def root(self) -> bytes:
        if not self.roots:
            return hashlib.sha256(b"").digest()
        out = self.roots[-1][1]
        for _, left in self.roots[-2::-1]:
            out = pair(left, out)
        return out


def read_checkpoint(note: str, vkey: str) -> tuple[int, bytes]:
    """Size and root of a checkpoint that the key's owner signed; ValueError otherwise."""
    name, key_id, coded = vkey.split("+", 2)
    raw = base64.b64decode(coded)
    if raw[:1] != b"\1" or hashlib.sha256(name.encode() + b"\n" + raw).hexdigest()[:8] != key_id:
        raise ValueError("not a verifier key")
    body, tail = note.split("\n\n", 1)
    for line in tail.splitlines():
        _, signer, blob = line.split(" ")
        signature = base64.b64decode(blob)
        if signer == name and signature[:4].hex() == key_id:
            try:
                Ed25519PublicKey.from_public_bytes(raw[1:]).verify(signature[4:], body.encode() + b"\n")
            except InvalidSignature:
                continue
            origin, size, root = body.split("\n")[:3]
            if origin != name:
                raise ValueError("another journal's checkpoint")
            return int(size), base64.b64decode(root)
    raise ValueError("no valid signature")


def place(folder: Path, number: int, width: int) -> Path:
    digits = str(number).zfill(3 * max(1, -(-len(str(number)) // 3)))
    parts = [digits[i : i + 3] for i in range(0, len(digits), 3)]
    path = folder.joinpath(*[f"x{part}" for part in parts[:-1]], parts[-1])
    return path if width == WIDTH else path.with_name(path.name + ".p") / str(width)


def entries(folder: Path, size: int) -> list[bytes]:
    out: list[bytes] = []
    while len(out) < size:
        width = min(WIDTH, size - len(out))
        bundle = place(folder / "tile" / "entries", len(out) // WIDTH, width).read_bytes()
        for _ in range(width):
            length = int.from_bytes(bundle[:2], "big")
            out.append(bundle[2 : 2 + length])
            bundle = bundle[2 + length :]
        if bundle:
            raise ValueError("a bundle is too long")
    return out


def faults(folder: Path, vkey: str) -> list[str]:
    """Everything that is wrong with an exported journal."""
    try:
        size, root = read_checkpoint((folder / "checkpoint").read_text(), vkey)
        texts = entries(folder, size)
    except (ValueError, OSError) as error:
        return [f"cannot be read: {error}"]
    out, seen, stack = [], set(), Stack()
    level = [leaf(text) for text in texts]
    for index, (text, hashed) in enumerate(zip(texts, level, strict=True)):
        stack.add(hashed)
        out += entry_faults(index, text, seen)
    if stack.root() != root:
        out.append("the root is not that of the entries")
    number = 0
    while level:
        out += tile_faults(folder, number, level)
        full = len(level) // WIDTH
        level = [perfect(level[i * WIDTH : (i + 1) * WIDTH]) for i in range(full)]
        number += 1
    return out


def perfect(hashes: list[bytes]) -> bytes:
    stack = Stack()
    for hashed in hashes:
        stack.add(hashed)
    return stack.root()


def entry_faults(index: int, text: bytes, seen: set[str]) -> list[str]:
    out = []
    content = json.loads(text)
    again = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    if again.encode() != text:
        out.append(f"entry {index} is not canonical")
    if content["id"] in seen:
        out.append(f"entry {index} is there twice")
    seen.add(content["id"])
    return out


def tile_faults(folder: Path, level: int, hashes: list[bytes]) -> list[str]:
    out = []
    for start in range(0, len(hashes), WIDTH):
        part = hashes[start : start + WIDTH]
        path = place(folder / "tile" / str(level), start // WIDTH, len(part))
        if not path.exists() or path.read_bytes() != b"".join(part):
            out.append(f"tile {level}/{start // WIDTH} does not fit")
    return out


def line_faults(proof: dict[str, object], vkey: str) -> list[str]:
    """What is wrong with one line's proof: text, payload, index, hashes (base64), checkpoint."""
    try:
        size, root = read_checkpoint(str(proof["checkpoint"]), vkey)
    except ValueError as error:
        return [str(error)]
    text = str(proof["text"]).encode()
    out = []
    if hashlib.sha256(base64.b64decode(str(proof["payload"]))).hexdigest() != json.loads(text)["payload"]:
        out.append("the opened text is not the one that was written")
    index, hashes = proof["index"], proof["hashes"]
    assert isinstance(index, int)
    assert isinstance(hashes, list)
    if climb(leaf(text), index, size, [base64.b64decode(step) for step in hashes]) != root:
        out.append("the line is not in the tree")
    return out


def climb(hashed: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """RFC 6962 2.1.1 read upwards: at each level a neighbour left, a neighbour right, or none."""
    last, steps = size - 1, list(path)
    if index > last:
        return None
    while last:
        if index & 1 or index < last:
            if not steps:
                return None
            step = steps.pop(0)
            hashed = pair(step, hashed) if index & 1 else pair(hashed, step)
        index, last = index >> 1, last >> 1
    return None if steps else hashed


if __name__ == "__main__":
    found = faults(Path(sys.argv[1]), sys.argv[2])
    sys.stdout.write("\n".join(found or ["whole"]) + "\n")
    sys.exit(1 if found else 0)
