"""The words of `healthspace add`: what may be given, and how a wrong call is told."""

from __future__ import annotations

import argparse
from typing import Final, NoReturn

from healthspace.ops import given
from healthspace.ops.faults import CannotRun
from healthspace.spaces.rules import NIR_OID

DESCRIPTION: Final = """Each command adds one thing and may be run twice: what is there already is told and kept.
Exit code 0: it is there; 2: it could not be added, and the sentence says why."""
FACILITY_TYPE: Final = "SA01"
MOST_DAYS: Final = 730


class Parser(argparse.ArgumentParser):
    """A wrong call is told like every other fault."""

    def error(self, message: str) -> NoReturn:
        raise CannotRun(f"{message[:1].upper()}{message[1:]}. See: {self.prog} --help.")


def read(arguments: list[str]) -> argparse.Namespace:
    """The words as named values; `what` is the kind of thing to add."""
    if any(not word.isprintable() for word in arguments):
        raise CannotRun("A word holds characters that cannot be kept. Write it again, in UTF-8.")
    asked, rest = _parser().parse_known_args(arguments)
    if rest:  # not repeated: it may be a password or somebody's number
        raise CannotRun(f"Words too many, or options that are not known: {len(rest)}. See: healthspace add --help.")
    return asked


def _parser() -> Parser:
    parser = Parser(prog="healthspace add", description=DESCRIPTION, allow_abbrev=False)
    kinds = parser.add_subparsers(dest="what", metavar="WHAT", required=True)

    def kind(name: str, meaning: str) -> argparse.ArgumentParser:
        return kinds.add_parser(name, help=meaning, description=meaning, allow_abbrev=False)

    _directory_words(
        kind("institution", "a hospital, practice or laboratory"),
        kind("professional", "a health professional, and where they work"),
    )
    _software_words(
        kind("software", "software of an institution, and the keys or certificates that prove it"),
        kind("token", "a long token made by hand, for test systems; it is shown this once"),
    )
    _space_words(kind("space", "a space for a person who has none"))
    _account_words(kind("account", "a sign-in; the password is asked for, or read from standard input"))
    codes = kind("codes", "fresh codes on paper for the second step of a sign-in; those before are dead")
    codes.add_argument("login", metavar="LOGIN")
    _assistant_words(kind("assistant", "a certified helper at a desk: a sign-in; run again to renew the certificate"))
    return parser


def _directory_words(institution: argparse.ArgumentParser, professional: argparse.ArgumentParser) -> None:
    institution.add_argument("finess", metavar="FINESS")
    institution.add_argument("name", metavar="NAME")
    institution.add_argument("--facility-type", metavar="CODE", help=f"JDV_J02; {FACILITY_TYPE} if it is new")
    institution.add_argument("--setting", metavar="CODE", help="JDV_J04")
    institution.add_argument("--city")
    professional.add_argument("rpps", metavar="RPPS")
    professional.add_argument("family", metavar="FAMILY")
    professional.add_argument("first", metavar="FIRST")
    professional.add_argument("--profession", metavar="CODE", required=True, help="TRE_G15: 10 doctor, 60 nurse ...")
    professional.add_argument("--institution", metavar="FINESS", help="where they work; run again for another")


def _software_words(software: argparse.ArgumentParser, token: argparse.ArgumentParser) -> None:
    software.add_argument("name", metavar="NAME", help="as the journal will show it")
    software.add_argument("--institution", metavar="FINESS", required=True)
    software.add_argument("--key", metavar="FILE", action="append", default=[], help="public keys: PEM, JWK or JWK set")
    software.add_argument("--certificate", metavar="FILE", action="append", default=[], help="client certificate: PEM")
    software.add_argument("--end", metavar="ID", action="append", default=[], help="a key or certificate to end, by id")
    software.add_argument("--stop", action="store_true", help="it may not call any more, until --resume")
    software.add_argument("--resume", action="store_true", help="stopped software may call again")
    token.add_argument("--software", metavar="NAME", required=True)
    token.add_argument("--institution", metavar="FINESS", required=True)
    token.add_argument("--professional", metavar="RPPS", help="who uses it; without, the institution itself acts")
    token.add_argument("--days", type=int, default=365, help=f"how long it is good, 1 to {MOST_DAYS} (default 365)")


def _space_words(space: argparse.ArgumentParser) -> None:
    space.add_argument("--ins", metavar="MATRICULE", required=True, help="13 characters and their key")
    space.add_argument("--oid", default=NIR_OID, help=f"the authority that gave it (default {NIR_OID})")
    space.add_argument("--birth-name", metavar="NAME", required=True)
    space.add_argument("--first-names", metavar='"A B"', required=True, help="all of them, in order")
    space.add_argument("--born", metavar="YYYY-MM-DD", required=True)
    space.add_argument("--sex", choices=["F", "M"], required=True)
    space.add_argument("--birth-place", metavar="CODE", required=True, help="INSEE: commune, or 99 and country")
    space.add_argument("--email", metavar="ADDRESS", default="")
    space.add_argument("--state", choices=["active", "open_inactive"], default="open_inactive")


def _assistant_words(assistant: argparse.ArgumentParser) -> None:
    assistant.add_argument("login", metavar="LOGIN")
    assistant.add_argument("name", metavar="NAME", help="first and family name, as journals will show it")
    assistant.add_argument("--institution", metavar="FINESS", required=True, help="the desk")
    until = assistant.add_mutually_exclusive_group(required=True)
    until.add_argument("--until", type=given.day, metavar="YYYY-MM-DD", help="the last day of the certificate")
    until.add_argument("--revoke", action="store_true", help="take the certificate back: sessions of help stop at once")


def _account_words(account: argparse.ArgumentParser) -> None:
    account.add_argument("login", metavar="LOGIN")
    whose = account.add_mutually_exclusive_group(required=True)
    whose.add_argument("--for-ins", metavar="MATRICULE", help="the holder of this space")
    whose.add_argument("--for-rpps", metavar="RPPS", help="this professional")
    account.add_argument("--name", default="", help="of a support agent: the name in people's journals")
    whose.add_argument("--as", dest="role", choices=["operator", "support"], help="somebody of the operator's own")
    whose.add_argument("--stop", action="store_true", help="close it for good, whoever left; never a holder's")
    account.add_argument("--oid", default=NIR_OID, help=f"the authority of the matricule (default {NIR_OID})")
