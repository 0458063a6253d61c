"""Words of an RTF file, nothing else of it. Runs inside the parser process only. (Rich Text Format 1.9.1)"""

from __future__ import annotations

import re

from healthspace.documents.adapters.fault import Fault

TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,9})? ?"  # control word and number
    rb"|\\'([0-9a-fA-F]{2})"  # one byte in the code page
    rb"|\\([^a-zA-Z])"  # control symbol
    rb"|([{}])"
    rb"|[\r\n]+"
    rb"|([^\\{}\r\n]+)"
)
# fmt: off
HIDDEN = frozenset({
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "listtable", "listoverridetable", "rsidtbl", "generator",
    "themedata", "colorschememapping", "latentstyles", "datastore", "xmlnstbl", "filetbl", "revtbl", "fldinst",
    "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf", "bkmkstart", "bkmkend",
})
# fmt: on
ACTIVE = frozenset(["object", "objdata", "objocx", "objlink", "objautlink", "objupdate", "template", "ddeauto"])
WORDS = {"par": "\n", "line": "\n", "sect": "\n", "page": "\n\n", "row": "\n", "tab": "\t", "cell": "\t", "emdash": "—"}
WORDS |= {"endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•"}
PAGES = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
KNOWN_PAGES = frozenset([437, 850, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258])
DEPTH = 200


def words(content: bytes) -> str:
    """The text; a Fault when braces do not match, something follows the end, or it carries objects."""
    return _Reader(content).read()


class _Reader:
    def __init__(self, content: bytes) -> None:
        self.content = content
        self.at = 0
        self.out: list[str] = []
        self.page = "cp1252"
        self.stack: list[tuple[bool, int]] = []
        self.is_hidden = False
        self.is_starred = False
        self.after_unicode = 1
        self.to_skip = 0

    def read(self) -> str:
        if not self.content.startswith(b"{\\rtf"):
            raise Fault("DOC-STRUCTURE")
        while self.at < len(self.content):
            found = TOKEN.match(self.content, self.at)
            if found is None:
                raise Fault("DOC-STRUCTURE")
            self.at = found.end()
            self.token(found)
            if not self.stack:
                break
        if self.stack:
            raise Fault("DOC-TRUNCATED")
        if self.content[self.at :].strip(b" \t\r\n\0"):
            raise Fault("DOC-POLYGLOT")
        return re.sub(r"\n{3,}", "\n\n", "".join(self.out)).strip()

    def token(self, found: re.Match[bytes]) -> None:
        word, number, byte, symbol, brace, text = found.groups()
        if brace == b"{":
            self.open()
        elif brace == b"}":
            self.close()
        elif word is not None:
            self.word(word.decode("ascii"), int(number) if number is not None else None)
        elif byte is not None:
            self.say(bytes([int(byte, 16)]).decode(self.page, "replace"))
        elif symbol is not None:
            self.symbol(symbol)
        elif text is not None:
            self.say(text.decode(self.page, "replace"))

    def open(self) -> None:
        if len(self.stack) >= DEPTH:
            raise Fault("DOC-STRUCTURE")
        self.stack.append((self.is_hidden, self.after_unicode))
        self.is_starred = False

    def close(self) -> None:
        if not self.stack:
            raise Fault("DOC-STRUCTURE")
        self.is_hidden, self.after_unicode = self.stack.pop()
        self.to_skip = 0

    def symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            self.is_starred = True
        elif symbol in b"\\{}":
            self.say(symbol.decode("ascii"))
        elif symbol == b"~":
            self.say("\u00a0")
        elif symbol in b"\r\n":
            self.say("\n")

    def word(self, word: str, number: int | None) -> None:
        if word in ACTIVE:
            raise Fault("DOC-ACTIVE")
        if word == "bin":
            self.at += max(0, number or 0)
        elif word in HIDDEN or self.is_starred:
            self.is_hidden = True
        elif word == "u" and number is not None:
            self.to_skip = 0
            self.say(chr(number % 65536) if not 0xD800 <= number % 65536 <= 0xDFFF else "\ufffd")
            self.to_skip = self.after_unicode
        elif word == "uc":
            self.after_unicode = max(0, number or 0)
        elif word == "ansicpg" and number in KNOWN_PAGES:
            self.page = f"cp{number}"
        elif word in PAGES:
            self.page = PAGES[word]
        elif word in WORDS:
            self.say(WORDS[word])
        self.is_starred = False

    def say(self, text: str) -> None:
        skipped = min(self.to_skip, len(text))
        self.to_skip -= skipped
        if not self.is_hidden:
            self.out.append(text[skipped:])
