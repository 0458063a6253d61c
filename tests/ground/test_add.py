"""`healthspace add`: from an empty installation to a working FHIR door and a first sign-in, by commands alone."""

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine

from healthspace.common import clock
from healthspace.config import cli, env
from healthspace.ops.commands import add
from healthspace.ops.faults import CannotRun
from healthspace.people import actions as people
from healthspace.people import reads as directory
from healthspace.spaces import reads as spaces
from healthspace.spaces.rules import NIR_OID, TEST_OID, Identity, Ins, Traits
from tests import live
from tests.doors import fhir_client as fhir
from tests.people import PASSWORD, Holder, new_finess, new_ins, new_rpps

BORN_ON = date(1985, 3, 27)
Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _password_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(PASSWORD + "\n"))


@dataclass(frozen=True, slots=True)
class Town:
    """Numbers that nobody has yet."""

    finess: str
    rpps: str
    ins: Ins
    login: str

    def institution(self) -> list[str]:
        return ["institution", self.finess, "Hôpital de Rivemont", "--city", "Rivemont"]

    def professional(self) -> list[str]:
        return ["professional", self.rpps, "Nguyen", "Linh", "--profession", "10", "--institution", self.finess]

    def software(self) -> list[str]:
        return ["software", "Rivemont DPI", "--institution", self.finess]

    def token(self, *more: str) -> list[str]:
        return ["token", "--software", "Rivemont DPI", "--institution", self.finess, *more]

    def space(self, **changes: str) -> list[str]:
        words = {
            "--ins": self.ins.matricule, "--oid": self.ins.oid, "--birth-name": "BENALI",
            "--first-names": "AMINA LEILA", "--born": BORN_ON.isoformat(), "--sex": "F", "--birth-place": "69123",
        } | {f"--{name.replace('_', '-')}": word for name, word in changes.items()}  # fmt: skip
        return ["space", *(part for pair in words.items() for part in pair)]

    def account(self) -> list[str]:
        return ["account", self.login, "--for-ins", self.ins.matricule, "--oid", self.ins.oid]


@pytest.fixture
def town() -> Town:
    """A town before anything was added."""
    ins = new_ins(BORN_ON, "F", "69123")
    return Town(new_finess(), new_rpps(), ins, f"amina.{ins.matricule[-5:]}.{new_rpps()[-6:]}")


def fault(*words: str) -> str:
    with pytest.raises(CannotRun) as told:
        add.main(list(words))
    return str(told.value)


def said(capsys: Capture, words: list[str]) -> str:
    capsys.readouterr()
    assert add.main(words) == 0
    return capsys.readouterr().out.strip()


def test_add__is_a_command_of_the_doors_role() -> None:
    assert cli.COMMANDS["add"].module == add.__name__
    assert cli.COMMANDS["add"].role == "app"


def test_walk__from_nothing_to_a_filed_document_and_a_sign_in(town: Town, capsys: Capture) -> None:
    for words in (town.institution(), town.professional(), town.software()):
        said(capsys, words)
    own, doctors = said(capsys, town.token()), said(capsys, town.token("--professional", town.rpps))
    said(capsys, town.space(email="amina@example.org", state="active"))
    said(capsys, town.account())

    account = people.authenticate(town.login, PASSWORD).account
    assert account is not None and account.person_id is not None
    assert account.person_id == spaces.find_person(town.ins)
    identity = Identity(town.ins, Traits("BENALI", ("AMINA", "LEILA"), BORN_ON, "F", "69123"))
    amina = Holder(account.person_id, directory.actor_of(account), identity, town.login, PASSWORD, account.id)
    for token in (own, doctors):
        reply = fhir.call("POST", "/DocumentReference", token=token, body=fhir.document(amina, fhir.pdf(len(token))))
        assert reply.status == 201, reply.body
        reply = fhir.call("POST", "/DocumentReference", token=token + "x", body=fhir.document(amina))
        assert reply.status == 401
    actor = directory.actor_by_token(doctors)
    assert actor is not None and (actor.name, actor.institution_name) == ("Dr Linh Nguyen", "Hôpital de Rivemont")


def test_twice__everything_is_there_already(town: Town, capsys: Capture) -> None:
    steps = [town.institution(), town.professional(), town.software(), town.space(), town.account()]
    for words in steps:
        assert "already" not in said(capsys, words)
    for words in steps:
        assert "already" in said(capsys, words)
    account = people.authenticate(town.login, PASSWORD).account
    assert account is not None


def test_twice__an_account_keeps_its_password(town: Town, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    said(capsys, town.space())
    said(capsys, town.account())
    monkeypatch.setattr(sys, "stdin", io.StringIO("another four plain words\n"))
    assert "not changed" in said(capsys, town.account())
    assert people.authenticate(town.login, "another four plain words").account is None


def test_institution__what_is_not_named_stays(town: Town, capsys: Capture) -> None:
    said(capsys, ["institution", town.finess, "Cabinet", "--facility-type", "SA07", "--city", "Rivemont"])
    assert "brought up to date" in said(capsys, ["institution", town.finess, "Cabinet du Port"])
    card = directory.institution_by_finess(town.finess)
    assert card is not None
    assert (card.name, card.facility_type, card.city) == ("Cabinet du Port", "SA07", "Rivemont")


def test_token__ends_after_its_days_and_comes_alone_on_standard_output(town: Town, capsys: Capture) -> None:
    said(capsys, town.institution())
    said(capsys, town.software())
    assert add.main(town.token("--days", "2")) == 0
    told = capsys.readouterr()
    token = told.out.strip()
    assert "\n" not in token and "cannot be shown again" in told.err
    with time_machine.travel(clock.now() + timedelta(days=3)):
        directory.forget_tokens()
        assert directory.actor_by_token(token) is None


def test_account__of_a_professional_signs_in(town: Town, capsys: Capture) -> None:
    said(capsys, town.institution())
    said(capsys, town.professional())
    login = f"linh.{town.rpps[-6:]}.{town.finess[-6:]}"
    said(capsys, ["account", login, "--for-rpps", town.rpps])
    account = people.authenticate(login, PASSWORD).account
    assert account is not None and account.kind == "professional"
    assert "already" in said(capsys, ["account", login, "--for-rpps", town.rpps])


def test_account__stays_its_owners(town: Town, capsys: Capture) -> None:
    said(capsys, town.institution())
    said(capsys, town.professional())
    said(capsys, town.space())
    said(capsys, town.account())
    assert "somebody else's" in fault("account", town.login, "--for-rpps", town.rpps)
    assert "another login already" in fault("account", town.login + "x", *town.account()[2:])


def test_order__each_missing_thing_names_the_command_before_it(town: Town, capsys: Capture) -> None:
    assert "healthspace add institution" in fault(*town.professional())
    assert "healthspace add institution" in fault(*town.software())
    assert "healthspace add space" in fault(*town.account())
    assert "healthspace add professional" in fault("account", town.login, "--for-rpps", town.rpps)
    said(capsys, town.institution())
    assert "healthspace add software" in fault(*town.token())
    said(capsys, town.software())
    assert "healthspace add professional" in fault(*town.token("--professional", town.rpps))
    said(capsys, [*town.professional()[:-2]])
    assert "does not work at" in fault(*town.token("--professional", town.rpps))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"ins": "285036912300100", "oid": NIR_OID}, "INS-KEY"),
        ({"ins": "12"}, "INS-FORM"),
        ({"oid": "1.2.3"}, "INS-OID"),
        ({"born": "27/03/1985"}, "such as 1985-03-27"),
        ({"born": "2999-01-01"}, "has not come yet"),
        ({"birth_place": "Lyon"}, "INSEE"),
        ({"birth_name": " "}, "--birth-name (EMPTY)"),
        ({"first_names": ""}, "--first-names (EMPTY)"),
        ({"email": "amina"}, "--email (T53)"),
        ({"sex": "X"}, "--sex"),
        ({"state": "closed"}, "--state"),
    ],
)
def test_space__a_wrong_value_is_one_sentence(town: Town, changes: dict[str, str], told: str) -> None:
    sentence = fault(*town.space(**changes))
    assert told in sentence
    assert town.ins.matricule not in sentence and "BENALI" not in sentence
    assert spaces.find_person(town.ins) is None


def test_space__test_identities_only_on_a_test_system(town: Town, settings: object) -> None:
    settings.ACCEPT_TEST_IDENTITIES = False  # type: ignore[attr-defined]
    assert town.ins.oid == TEST_OID
    assert "ACCEPT_TEST_IDENTITIES=1" in fault(*town.space())


def test_directory__a_wrong_value_is_one_sentence(town: Town, capsys: Capture) -> None:
    assert "FINESS (FINESS): This FINESS number is wrong." in fault("institution", "123456789", "Rivemont")
    assert "--facility-type (JDV_J02)" in fault(*town.institution(), "--facility-type", "ship")
    assert "RPPS (RPPS)" in fault("professional", "1", "Nguyen", "Linh", "--profession", "10")
    assert "--profession (TRE_G15)" in fault("professional", town.rpps, "Nguyen", "Linh", "--profession", "wizard")
    assert "Shorten it" in fault("institution", town.finess, "x" * 300)
    assert "UTF-8" in fault("institution", town.finess, "Rivemont\udcff")
    said(capsys, town.institution())
    said(capsys, town.software())
    for days in ("0", "-1", "100000000000"):
        assert "Give 1 to 730 days." in fault(*town.token("--days", days))


def test_password__is_never_a_word_of_the_command(town: Town, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    said(capsys, town.space())
    sentence = fault(*town.account(), PASSWORD)
    assert "Words too many" in sentence and PASSWORD not in sentence
    for typed, told in (("short\n", "too short"), ("", "too short"), (f"{town.login} and more\n", "the login")):
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        sentence = fault(*town.account())
        assert "password (LOG-4)" in sentence and told in sentence
    assert "LOGIN (LOG-3)" in fault("account", "Amina", *town.account()[2:])


def test_words__a_wrong_call_is_one_sentence() -> None:
    assert "WHAT" in fault()
    assert "healthspace add --help" in fault("hospital")
    assert "required: FINESS, NAME" in fault("institution")


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A data folder with the tables of this release and nobody in it."""
    with live.own_folder() as folder:
        assert healthspace(folder, "migrate").returncode == 0
        yield folder


def healthspace(home: Path, *words: str, typed: str = "") -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if name not in env.BY_NAME and "DJANGO" not in name}
    given = {"HEALTHSPACE_HOME": str(home), "HEALTHSPACE_PORT": str(live.free_port()), "HEALTHSPACE_DEMO": "0"}
    return subprocess.run(
        [sys.executable, "-m", "healthspace.config.cli", *words],
        env=kept | given, cwd=env.ROOT, capture_output=True, text=True, check=False, input=typed,
    )  # fmt: skip


def test_empty_start__without_tables_names_the_way_out(town: Town) -> None:
    with live.own_folder() as folder:
        told = healthspace(folder, "add", *town.institution())
    assert told.returncode == 2
    assert told.stderr.startswith("healthspace: The tables are not here"), told.stderr


def test_empty_start__the_first_holder_enters_by_commands_alone(home: Path, town: Town) -> None:
    number = ["--ins", town.ins.matricule, "--oid", NIR_OID]
    assert "ACCEPT_TEST_IDENTITIES" in healthspace(home, "add", *town.space()).stderr
    opened = healthspace(home, "add", *town.space(), *number)
    assert opened.returncode == 0, opened.stderr
    made = healthspace(home, "add", "account", town.login, "--for-ins", town.ins.matricule, typed=PASSWORD + "\n")
    assert made.returncode == 0, made.stderr
    again = healthspace(home, "add", "account", town.login, "--for-ins", town.ins.matricule)
    assert again.returncode == 0 and "already" in again.stdout
    wrong = healthspace(home, "add", "institution", "1", "Rivemont")
    assert wrong.returncode == 2
    assert wrong.stderr == "healthspace: FINESS (FINESS): This FINESS number is wrong. Give its 9 characters.\n"
