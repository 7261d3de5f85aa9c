"""Commands with more data than a short APDU holds: in the extended form, else chained (ISO/IEC 7816-4, 5.3.3)."""

from __future__ import annotations

from dataclasses import replace

from devices.chip.apdu import MAX_SHORT_DATA, Command, Response, Status
from devices.chip.link import Channel

_CHAINING = 0x10
_PART = 192
"""Fits a short APDU under secure messaging too, whichever the cipher."""
_SECURE_MESSAGING_OVERHEAD = 40


def send_long(channel: Channel, command: Command, *, extended: bool) -> Response:
    """Sends `command` whole where it fits or `extended` APDUs may be used, else in chained parts."""
    if extended or len(command.data) + _SECURE_MESSAGING_OVERHEAD <= MAX_SHORT_DATA:
        return channel.send(command)
    parts = [command.data[at : at + _PART] for at in range(0, len(command.data), _PART)]
    for part in parts[:-1]:
        answer = channel.send(replace(command, cla=command.cla | _CHAINING, data=part, expected=None))
        if answer.status != Status.OK:
            return answer
    return channel.send(replace(command, data=parts[-1]))
