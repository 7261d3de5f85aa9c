"""A TCP proxy with faults, told on standard input: `python fault_proxy.py LISTEN_HOST LISTEN_PORT TARGET_PORT`.

normal | delay SECONDS | trickle | resets | no_answers | refuse      one word a line; each takes the place of the last
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import sys
from collections.abc import Awaitable, Callable

TRICKLE_S = 0.05


class FaultProxy:
    def __init__(self, host: str, port: int, target_port: int) -> None:
        self._host, self._port, self._target_port = host, port, target_port
        self._named = f"{host}:{port}".encode()
        self._as_loopback = b"127.0.0.1:" + str(port).encode().zfill(len(self._named) - len("127.0.0.1:"))
        self._fault: list[str] = ["normal"]
        self._open: set[asyncio.StreamWriter] = set()
        self._dice = random.Random(1)
        self._server: asyncio.Server | None = None

    async def run(self) -> None:
        await self._listen()
        print("ready", flush=True)  # noqa: T201 - told to whoever started it
        reader = asyncio.StreamReader()
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            await self._become(line.decode().split())
            print("done", flush=True)  # noqa: T201

    async def _become(self, fault: list[str]) -> None:
        self._fault = fault
        for writer in tuple(self._open):
            writer.transport.abort()
        if fault == ["refuse"] and self._server is not None:
            self._server.close()
            self._server = None
        elif self._server is None:
            await self._listen()

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(self._joined, self._host, self._port)

    async def _joined(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._fault == ["resets"] and self._dice.random() < 0.5:
            writer.transport.abort()
            return
        there, back = await asyncio.open_connection("127.0.0.1", self._target_port)
        self._open |= {writer, back}
        await asyncio.gather(
            self._pass(reader, back, self._as_it_is), self._pass(there, writer, self._answer), return_exceptions=True
        )
        self._open -= {writer, back}

    async def _pass(
        self, source: asyncio.StreamReader, to: asyncio.StreamWriter, send: Callable[..., Awaitable[None]]
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65536):
                await send(to, data)
        if self._fault == ["resets"]:
            to.transport.abort()
        else:
            to.close()

    async def _as_it_is(self, to: asyncio.StreamWriter, data: bytes) -> None:
        if self._fault[0] == "delay":
            await asyncio.sleep(float(self._fault[1]))
        # the hub answers its own machine only; what stands before it says that it is there
        to.write(data.replace(self._named, self._as_loopback))
        await to.drain()

    async def _answer(self, to: asyncio.StreamWriter, data: bytes) -> None:
        if self._fault == ["no_answers"]:
            return
        if self._fault == ["trickle"]:
            for at in range(0, len(data), 16):
                to.write(data[at : at + 16])
                await to.drain()
                await asyncio.sleep(TRICKLE_S)
            return
        to.write(data)
        await to.drain()


if __name__ == "__main__":
    asyncio.run(FaultProxy(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])).run())
