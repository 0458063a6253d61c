"""The demo's screen shows the codes that its own mail server takes, and nothing of any other mail."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from healthspace.enrolment.adapters import short_mail
from healthspace.ops.mail import code_of
from healthspace.people.adapters import code_mail


def mail(subject: str, body: str) -> bytes:
    message = EmailMessage()
    message["Subject"], message["To"], message["From"] = subject, "jeanne@example.org", "healthspace@localhost"
    message.set_content(body)
    return message.as_bytes()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_code__of_a_sign_in_is_shown(language: str) -> None:
    assert code_of(mail(*code_mail.words("12345678", language))) == "Code for jeanne@example.org: 12345678"
    digits = short_mail.digits("12345678", language=language)
    assert code_of(mail(digits.subject, "\n".join(digits.lines))) == "Code for jeanne@example.org: 12345678"


def test_other_mails__show_nothing() -> None:
    assert code_of(mail("Quelque chose de nouveau", "Il y a du nouveau.\n0 800 12 34 56")) == ""
    assert code_of(b"") == ""
