"""Tickets per second over HTTP beside the flush rate of the same disk, in the same run.

    python tests/bench/issue.py [--seconds 3] [--flush-ms 1] [--folder DIR]

Starts a real hub in a process of its own and asks it for tickets with 1, 8 and 32 clients at once (keep-alive, a fresh
idempotency key each, all for one service). The ratio to the flush rate tells how well commits are shared: one flush a
ticket would be at most 1.0. `--flush-ms` adds that much to every flush the database makes (and to the measured flush
rate), as an ordinary SSD (1 ms) or a cheap eMMC (5 ms) would.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

READY = "Tiếp Đón hub ready: "
SERVICE = "kham-bhyt"


def flushes_per_second(folder: Path, flush_ms: float, seconds: float) -> float:
    """How often a 4 kB append can be made durable with fdatasync, one after the other."""
    descriptor = os.open(folder / "flush-probe", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    done, end = 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        os.write(descriptor, b"x" * 4096)
        os.fdatasync(descriptor)
        if flush_ms:
            time.sleep(flush_ms / 1000)
        done += 1
    os.close(descriptor)
    (folder / "flush-probe").unlink()
    return done / seconds


def start_hub(folder: Path, flush_ms: float) -> tuple[subprocess.Popen[str], int]:
    program = [sys.executable, str(Path(__file__).with_name("slow_disk_hub.py")), str(flush_ms)]
    command = [*program, "hub", "--data", str(folder / "hub"), "--listen", "127.0.0.1:0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    line = process.stdout.readline()
    if not line.startswith(READY):
        raise SystemExit(f"the hub did not start: {line}")
    return process, int(line.rsplit(":", 1)[1])


async def client(port: int, end: float, latencies: list[float], numbers: list[int]) -> None:
    """One kiosk that asks for ticket after ticket until `end`."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = json.dumps({"service": SERVICE}).encode()
    while time.perf_counter() < end:
        started = time.perf_counter()
        writer.write(
            b"POST /v1/tickets HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b"Idempotency-Key: %s\r\nContent-Length: %d\r\n\r\n%s" % (uuid.uuid4().hex.encode(), len(body), body)
        )
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 201"), head
        length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
        answer = json.loads(await reader.readexactly(length))
        latencies.append(time.perf_counter() - started)
        numbers.append(answer["number"])
    writer.close()
    await writer.wait_closed()


async def load(port: int, clients: int, seconds: float, numbers: list[int]) -> tuple[float, list[float]]:
    latencies: list[float] = []
    started = time.perf_counter()
    await asyncio.gather(*(client(port, started + seconds, latencies, numbers) for _ in range(clients)))
    return len(latencies) / (time.perf_counter() - started), latencies


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--flush-ms", type=float, default=0.0)
    parser.add_argument("--folder", type=Path, default=None, help="a folder on the disk to measure")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=args.folder) as scratch:
        folder = Path(scratch)
        floor = flushes_per_second(folder, args.flush_ms, args.seconds)
        print(f"flush rate of this disk: {floor:,.0f}/s (flush-ms {args.flush_ms:g})")
        print(f"{'clients':>8} {'tickets/s':>10} {'p50 ms':>8} {'p99 ms':>8} {'x flush rate':>13}")
        hub, port = start_hub(folder, args.flush_ms)
        numbers: list[int] = []
        try:
            for clients in (1, 8, 32):
                rate, latencies = asyncio.run(load(port, clients, args.seconds, numbers))
                cuts = statistics.quantiles(latencies, n=100)
                print(
                    f"{clients:>8} {rate:>10,.0f} {cuts[49] * 1e3:>8.2f} {cuts[98] * 1e3:>8.2f} {rate / floor:>13.2f}"
                )
        finally:
            hub.terminate()
            hub.wait(10)
        assert sorted(numbers) == list(range(1, len(numbers) + 1)), "duplicate or gap"
        print(f"{len(numbers):,} tickets: no duplicate, no gap")


if __name__ == "__main__":
    main()
