"""Insurance look-ups through a real hub and the emulated portal, as many kiosks ask at once.

    python tests/bench/insurance.py [--lookups 10000] [--people 1000] [--kiosks 20] [--portal-ms 0] [--token-life 90]

Everybody of a made-up population (76.7 % found) is asked about again and again, in an order of its own at each kiosk.
A patient whose name or birth date differs corrects it once. Printed are rate and latency, and what went out to the
portal: one question a person and day, and beside it the planned ones (code 003's new number, corrected fields). It
ends with an error when a question was redundant, or more tokens were taken than their life asks for.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import random
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from kiosk.insurance.emulator import PortalEmulator
from kiosk.insurance.emulator_people import EmulatedPerson
from kiosk.insurance.emulator_population import population
from kiosk.insurance.emulator_rules import EmulatedAccount
from kiosk.insurance.token import REFRESH_BEFORE_END

READY = "Tiếp Đón hub ready: "


def start_hub(folder: Path, portal: PortalEmulator) -> tuple[subprocess.Popen[str], int]:
    account = portal.account
    (folder / "password.secret").write_text(account.password, "utf-8")
    (folder / "officer.secret").write_text(account.officer_number, "utf-8")
    settings = folder / "hub.toml"
    settings.write_text(
        f'[insurance]\nbase_url = "{portal.url}"\nusername = "{account.username}"\n'
        f'officer_name = "{account.officer_name}"\naccepted_facilities = ["01043"]\nlookups_per_minute = 0\n'
        'password = { file = "password.secret" }\nofficer_number = { file = "officer.secret" }\n',
        "utf-8",
    )
    command = [sys.executable, "-m", "kiosk.app.cli", "hub", "--data", str(folder / "hub"), "--listen", "127.0.0.1:0"]
    process = subprocess.Popen([*command, "--settings", str(settings)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line.startswith(READY):
        raise SystemExit(f"the hub did not start: {line}")
    return process, int(line.rsplit(":", 1)[1])


class Kiosk:
    """One kiosk with its connection to the hub."""

    def __init__(self, name: str, port: int) -> None:
        self._name = name
        self._port = port
        self.latencies: list[float] = []
        self.pending = 0
        self.corrected = 0

    async def serve(self, people: list[EmulatedPerson]) -> None:
        """Ask about each of `people` in turn."""
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        for person in people:
            verdict = await self._ask({"card": person.card, "name": person.name, "birth": person.birth})
            if verdict["repair"] in ("name", "birth"):
                self.corrected += 1
                name, birth = person.registered_name or person.name, person.registered_birth or person.birth
                await self._ask({"card": person.card, "name": name, "birth": birth, "repairs": verdict["id"]})
        self._writer.close()
        await self._writer.wait_closed()

    async def _ask(self, question: dict[str, str]) -> dict[str, Any]:
        body = json.dumps({**question, "kiosk": self._name}).encode()
        started = time.perf_counter()
        self._writer.write(
            b"POST /v1/eligibility HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
        )
        head = await self._reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        answer: dict[str, Any] = json.loads(await self._reader.readexactly(length))
        self.latencies.append(time.perf_counter() - started)
        self.pending += answer["pending"]
        return answer


async def ask_all(kiosks: list[Kiosk], people: tuple[EmulatedPerson, ...], lookups: int) -> float:
    """How long it took all kiosks together to ask `lookups` times."""
    each, dice = lookups // len(kiosks), random.Random(5)
    orders = [[dice.choice(people) for _ in range(each)] for _ in kiosks]
    started = time.perf_counter()
    await asyncio.gather(*(kiosk.serve(order) for kiosk, order in zip(kiosks, orders, strict=True)))
    return time.perf_counter() - started


def read(port: int, path: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        told: dict[str, Any] = json.load(answer)
        return told


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lookups", type=int, default=10_000)
    parser.add_argument("--people", type=int, default=1_000)
    parser.add_argument("--kiosks", type=int, default=20)
    parser.add_argument("--portal-ms", type=float, default=0.0, help="what the portal takes for an answer")
    parser.add_argument("--token-life", type=float, default=90.0, help="seconds; used until a minute before its end")
    args = parser.parse_args()
    people = population(args.people)
    portal = PortalEmulator(people=people, account=EmulatedAccount(token_life_s=args.token_life))
    portal.faults.delay_s = args.portal_ms / 1000
    portal.start()
    with tempfile.TemporaryDirectory() as scratch:
        hub, port = start_hub(Path(scratch), portal)
        try:
            kiosks = [Kiosk(f"K{number}", port) for number in range(1, args.kiosks + 1)]
            took_s = asyncio.run(ask_all(kiosks, people, args.lookups))
            requests = read(port, "/v1/insurance/health")["requests"]
            report = read(port, "/v1/reports/insurance")
        finally:
            hub.terminate()
            hub.wait(10)
            portal.stop()
    return told(kiosks, portal, requests, report, took_s, args.token_life)


def told(
    kiosks: list[Kiosk],
    portal: PortalEmulator,
    requests: dict[str, int],
    report: dict[str, Any],
    took_s: float,
    token_life_s: float,
) -> int:
    """Print what was measured; 1 where something was asked that need not be."""
    latencies = [latency for kiosk in kiosks for latency in kiosk.latencies]
    cuts = statistics.quantiles(latencies, n=1000)
    print(f"{len(latencies):,} look-ups at {len(kiosks)} kiosks in {took_s:.1f} s: {len(latencies) / took_s:,.0f}/s")
    print(f"latency ms: p50 {cuts[499] * 1e3:.1f}, p99 {cuts[989] * 1e3:.1f}, longest {max(latencies) * 1e3:.1f}")
    print(f"pending: {sum(kiosk.pending for kiosk in kiosks)}; hit rate {report['hit_percent']} %")
    print(f"portal requests: {portal.look_ups:,} = {requests}")
    planned = requests["new_number"] + requests["repaired"]
    redundant = portal.look_ups - requests["first"] - planned - requests["retries"] - requests["by_staff"]
    persons = report["lookups"]
    print(f"persons {persons:,}: {requests['first'] / persons:.3f} questions each, {planned} planned ones beside them")
    usable_s = token_life_s - REFRESH_BEFORE_END.total_seconds()
    most_tokens = 1 + math.floor(took_s / usable_s)
    print(f"tokens: {portal.token_requests}, at most {most_tokens} by their life")
    return int(redundant != 0 or requests["first"] != persons or portal.token_requests > most_tokens)


if __name__ == "__main__":
    sys.exit(main())
