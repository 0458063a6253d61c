"""`make bench`: one table with ratios against the raw limit of the same run, and bench/latest.json."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

from bench import fill, letters, limits, load, product

PERSONS, DOCUMENTS = int(os.environ.get("BENCH_PERSONS", "50")), 200
SECONDS = float(os.environ.get("BENCH_SECONDS", "8"))
LARGE = int(os.environ.get("BENCH_LARGE", "1000"))
CLIENTS = 32
LATEST = Path(__file__).parent / "latest.json"
TOLD = "Rights, journal, versions, validation and sealing are on; each read and write is one durable commit."


@dataclass(slots=True)
class Line:
    """One row of the table."""

    name: str
    value: float
    unit: str
    goal: float
    limit_name: str = ""
    limit: float = 0.0
    p50: float = 0.0
    p95: float = 0.0
    p99: float = 0.0
    errors: int = 0
    goal_p95: float = 0.0
    goal_p99: float = 0.0
    at_most: bool = False
    cpu_ms: dict[str, float] = field(default_factory=dict)

    @property
    def is_met(self) -> bool:
        """Whether the goal of the issue is reached."""
        rate = self.value <= self.goal if self.at_most else self.value >= self.goal
        slow = (self.goal_p95 and self.p95 > self.goal_p95) or (self.goal_p99 and self.p99 > self.goal_p99)
        return bool(rate and not slow and not self.errors)


def main() -> int:
    """Measure everything; 0 when every goal is reached."""
    load.check()
    began, busy = time.monotonic(), os.getloadavg()[0]
    with product.running() as running:
        at_start = running.resident_mb()
        lines, details = _measure(running, at_start)
    lines += _register(details) + _opening(details) + _history(details)
    told = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"cores": os.cpu_count(), "python": platform.python_version(), "system": platform.platform()},
        "seconds": round(time.monotonic() - began),
        "told": TOLD,
        "load_before": round(busy, 2),
        "lines": [{**asdict(line), "is_met": line.is_met} for line in lines],
        **details,
    }
    LATEST.write_text(json.dumps(told, indent=1) + "\n")
    _print(lines, round(time.monotonic() - began))
    if busy > 1:
        print(f"\nOther work was running on this machine (load {busy:.1f} before the start): the rates are too low.")
    return 0 if all(line.is_met for line in lines) else 1


def _measure(running: product.Product, at_start: dict[str, float]) -> tuple[list[Line], dict[str, object]]:
    filled = _fill(running)
    print("Raw limits ...", flush=True)
    raw = limits.database_limits(running.home, 4) | {"hello": limits.hello(3)}
    bodies = running.home / "bodies"
    small = fill.pdf(50_000)
    count = fill.bodies(bodies / "small", filled, small, "Compte rendu de 50 ko")
    opened = _file_one(running, bodies / "small" / "0.json", filled.hospital)
    doctor = {"Authorization": f"Bearer {filled.doctor}"}
    searches = [f"/fhir/DocumentReference?patient={one}&_count=20" for one in filled.persons]
    reads = [f"/fhir/DocumentReference/{one}" for one in filled.documents]
    lines = [
        _read(running, "read one document's metadata", reads, doctor, raw, goal=1650, goal_p95=40),
        _read(running, "search 20 of 200", searches, doctor, raw, goal=540),
        _read(running, "open a 50 kB document", [f"/fhir/Binary/{opened}"], doctor, raw, goal=270),
    ]
    one = load.read(running.fhir, reads, doctor, clients=1, seconds=4)
    lines += _home(running, filled, raw)
    lines.append(_deposits(running, bodies / "small", count, filled, raw))
    resting = _at_rest(running)
    lines.append(Line("whole product at rest", resting["all"], "MB", 450, at_most=True))
    details: dict[str, object] = {
        "raw": raw, "read_alone_ms": {"p50": one.p50, "p95": one.p95},
        "memory_mb": {"started": at_start, "at rest": resting},
    }  # fmt: skip
    if LARGE:
        lines.append(_large(running, bodies, filled, details))
    return lines + _post(running), details


def _post(running: product.Product) -> list[Line]:
    """Letters for the press and codes into the table, by two processes each."""
    print("letters and codes ...", flush=True)
    made, put = letters.letters(), letters.codes(running)
    return [
        Line("letters of two pages with two QR codes", made["rate"], "/s", letters.LETTERS_GOAL),
        Line("provisional codes into the table", put["rate"], "/s", letters.CODES_GOAL, "COPY", put["raw"]),
    ]


def _register(details: dict[str, object]) -> list[Line]:
    """The insurer's register taken in, in a database of its own set up as a server's."""
    print("the register ...", flush=True)
    words = [sys.executable, "-m", "bench.intake", os.environ.get("BENCH_REGISTER", "400000")]
    answer = subprocess.run(words, cwd=product.ROOT, stdout=subprocess.PIPE, check=True)
    told = json.loads(answer.stdout)
    details["register"] = told
    return [
        Line("intake of the register, persons", told["intake"], "/s", 45_000, "COPY", told["raw COPY of these rows"]),
        Line("memory of the intake", told["memory of the intake, MB"], "MB", 300, at_most=True),
    ]


def _opening(details: dict[str, object]) -> list[Line]:
    """Spaces opened by law with their lines of the journal, in a database of its own."""
    print("the opening ...", flush=True)
    words = [sys.executable, "-m", "bench.opening", os.environ.get("BENCH_SPACES", "200000"), "--json"]
    answer = subprocess.run(words, cwd=product.ROOT, stdout=subprocess.PIPE, check=True)
    told = json.loads(answer.stdout.splitlines()[-1])
    details["opening"] = told
    return [
        Line("spaces opened by law", told["opening, with journal lines"], "/s", 100_000, "COPY",
             told["raw COPY of these lines"]),
    ]  # fmt: skip


def _history(details: dict[str, object]) -> list[Line]:
    """Reimbursed care taken in, twelve lines a person, in a database of its own."""
    print("the care history ...", flush=True)
    words = [sys.executable, "-m", "bench.history", os.environ.get("BENCH_HISTORY", "60000")]
    answer = subprocess.run(words, cwd=product.ROOT, stdout=subprocess.PIPE, check=True)
    told = json.loads(answer.stdout)
    details["history"] = told
    return [Line("histories of care taken in, persons", told["history"], "/s", 2_000, "COPY",
                 told["raw COPY of these rows"])]  # fmt: skip


def _fill(running: product.Product) -> fill.Filled:
    """The population, made by two processes at once."""
    print(f"{PERSONS} persons with {DOCUMENTS} documents each ...", flush=True)
    began = time.monotonic()
    middle = PERSONS // 2
    targets, processes = [], []
    for first, last in ((0, middle), (middle, PERSONS)):
        targets.append(running.home / f"filled.{first}.json")
        words = [sys.executable, "-m", "bench.fill", str(first), str(last), str(DOCUMENTS), str(targets[-1])]
        processes.append(subprocess.Popen(words, cwd=product.ROOT))
    if any([process.wait() for process in processes]):
        raise SystemExit("The population could not be made.")
    parts = [json.loads(target.read_text()) for target in targets]
    print(f"  {PERSONS * DOCUMENTS / (time.monotonic() - began):.0f} documents a second")
    both = {name: parts[0][name] + parts[1][name] for name in ("persons", "documents", "matricules")}
    return fill.Filled(**{**parts[0], **both})


def _read(
    running: product.Product, name: str, paths: list[str], headers: dict[str, str], raw: dict[str, float],
    *, goal: float, goal_p95: float = 0.0, web: bool = False,
) -> Line:  # fmt: skip
    print(f"{name} ...", flush=True)
    address = running.web if web else running.fhir
    load.read(address, paths, headers, clients=CLIENTS, seconds=4)
    found, cpu = _costed(running, lambda: load.read(address, paths, headers, clients=CLIENTS, seconds=SECONDS))
    limit = "hello" if web else "insert"
    return Line(name, found.rate, "/s", goal, limit, raw[limit], found.p50, found.p95, found.p99, found.errors,
                goal_p95=goal_p95, cpu_ms=cpu)  # fmt: skip


def _deposits(running: product.Product, bodies: Path, count: int, filled: fill.Filled, raw: dict[str, float]) -> Line:
    print("deposit a 50 kB document ...", flush=True)
    load.file(running.fhir, bodies, count, filled.hospital, clients=8, seconds=3)
    found, cpu = _costed(
        running, lambda: load.file(running.fhir, bodies, count, filled.hospital, clients=CLIENTS, seconds=SECONDS)
    )
    return Line("deposit a 50 kB document", found.rate, "/s", 270, "insert", raw["insert"],
                found.p50, found.p95, found.p99, found.errors, goal_p99=250, cpu_ms=cpu)  # fmt: skip


def _costed(running: product.Product, act: Callable[[], load.Measure]) -> tuple[load.Measure, dict[str, float]]:
    """A measure, with the processor's milliseconds each answer cost, by kind of process."""
    before = running.cpu_seconds()
    found = act()
    used = {kind: spent - before.get(kind, 0.0) for kind, spent in running.cpu_seconds().items()}
    return found, {
        kind: round(spent * 1000 / max(found.requests, 1), 3) for kind, spent in used.items() if spent > 0.01
    }


def _large(running: product.Product, bodies: Path, filled: fill.Filled, details: dict[str, object]) -> Line:
    """Many documents of 5 MB: the door may not keep what passed through it."""
    print(f"{LARGE} documents of 5 MB ...", flush=True)
    count = fill.bodies(bodies / "large", fill.Filled(**{**asdict(filled), "matricules": filled.matricules[:4]}),
                        fill.pdf(5_000_000), "Imagerie")  # fmt: skip
    done, sizes = 0, []
    while done < LARGE:
        found = load.file(running.fhir, bodies / "large", count, filled.hospital, clients=2, seconds=8)
        done += found.requests
        sizes.append(round(running.resident_mb()["fhir door"], 1))
        if not found.requests or found.errors:
            return Line("growth over 1,000 documents of 5 MB", 0, "MB", 30, errors=1, at_most=True)
    half = max(1, len(sizes) // 2)
    details["large"] = {"documents": done, "door_mb": sizes}
    growth = max(sizes[half:] or sizes) - max(sizes[:half])
    return Line(f"growth of the door, {done} documents of 5 MB", growth, "MB", 30, at_most=True)


def _sent(browser: urllib.request.OpenerDirector, address: str, **fields: str) -> Any:
    """A form of that page, sent with its token."""
    page = browser.open(address, timeout=10).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    form = fields | {"csrfmiddlewaretoken": token[1] if token else ""}
    return browser.open(address, urllib.parse.urlencode(form).encode(), timeout=10)


def _home(running: product.Product, filled: fill.Filled, raw: dict[str, float]) -> list[Line]:
    """The holder's home page, signed in as a browser would."""
    jar = CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    try:
        _sent(browser, f"{running.web}/sign-in/", login=filled.login, password=fill.PASSWORD)
        landed = _sent(browser, f"{running.web}/sign-in/code/", code=filled.paper)
        path = urllib.parse.urlsplit(landed.geturl()).path
        if "sign-in" in path:
            raise OSError("signing in did not work")
    except OSError as fault:
        print(f"  left out: the home page ({fault})")
        return []
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)
    return [_read(running, f"home page ({path})", [path], {"Cookie": cookies}, raw, goal=250, web=True)]


def _file_one(running: product.Product, body: Path, token: str) -> str:
    """File one document; its logical id."""
    request = urllib.request.Request(
        f"{running.fhir}/fhir/DocumentReference", body.read_text().replace("@ID@", "0").encode(),
        {"Content-Type": "application/fhir+json", "Authorization": f"Bearer {token}"},
    )  # fmt: skip
    with urllib.request.urlopen(request, timeout=30) as answer:
        return str(answer.headers["Location"]).split("/DocumentReference/")[1].split("/")[0]


def _at_rest(running: product.Product) -> dict[str, float]:
    """After the work, when nothing is asked any more: the parsers end themselves after a minute."""
    time.sleep(70)
    return {kind: round(size, 1) for kind, size in running.resident_mb().items()}


def _print(lines: list[Line], seconds: int) -> None:
    print(
        f"\n{TOLD}\n{CLIENTS} clients; the load generator runs on the same {os.cpu_count()} cores; {seconds} s in all.\n"
    )
    print(
        f"{'scenario':44} {'measured':>11} {'goal':>9}  {'p50':>7} {'p95':>7} {'p99':>7}  {'errors':>6}  of the raw limit"
    )
    for line in lines:
        times = f"{line.p50:7.1f} {line.p95:7.1f} {line.p99:7.1f}" if line.p50 else " " * 23
        share = f"{line.value / line.limit:6.1%} of {line.limit_name} {line.limit:,.0f}/s" if line.limit else ""
        mark = "ok " if line.is_met else "NOT"
        print(
            f"{line.name:44} {line.value:8,.0f} {line.unit:2} {line.goal:8,.0f}  {times}  {line.errors:6}  {mark} {share}"
        )
    print("\nProcessor time of one answer, in ms by kind of process:")
    for line in lines:
        if line.cpu_ms:
            print(f"  {line.name:42} " + ", ".join(f"{kind} {spent:.2f}" for kind, spent in line.cpu_ms.items()))
    print("insert: one durable row by pgbench, 8 clients; hello: a bare WSGI application under the same server.")
    print("COPY: the same rows by two raw COPYs into the same columns and keys, without row-level security.")


if __name__ == "__main__":
    raise SystemExit(main())
