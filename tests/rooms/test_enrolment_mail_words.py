"""The mail of information says only what can be done: no telephone where there is no number."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from email import message_from_bytes, policy

from healthspace.enrolment.adapters import wording
from healthspace.enrolment.adapters.letter_order import Edition, Sender
from healthspace.enrolment.rules import codes, references, window
from healthspace.enrolment.rules.sending import Sent

AT = datetime(2027, 2, 1, 9, tzinfo=UTC)


def test_mail__without_a_phone_names_no_phone() -> None:
    for phone, is_named in (("", False), ("0 800 123 456", True)):
        sender = Sender("Espace", "Caisse", "https://sante.example.fr", (), phone=phone)
        mail = wording.mail(
            Edition(sender, AT.date(), window.deadline(AT.date())),
            sent=Sent(references.of(4217, 0), "mark"),
            to="amina@example.org",
            language="fr",
            given=wording.Codes(codes.derive(bytes(32), uuid.UUID(int=1))),
        )
        text = message_from_bytes(mail, policy=policy.default).get_content()
        assert ("par téléphone" in text and "by phone" in text) is is_named
        assert ("Par téléphone" in text) is is_named
        assert "{" not in text
