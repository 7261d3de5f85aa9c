"""The firmware of an emulated PN532: commands in, answers out, over a field a card may lie in.

Source: NXP UM0701-02, chapter 7, by command word; AN10609 (LowVbat mode until SAMConfiguration). What a host needs to
be an initiator is there; target mode and card emulation are answered as unknown commands.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from devices.emulators.pn532_faults import Pn532Faults
from devices.emulators.pn532_field import LaidCard, RfField, TypeA, TypeB

MAX_EXCHANGE_BYTES = 262
FIRMWARE = bytes.fromhex("32010607")  # PN532, version 1.6, ISO/IEC 14443 A and B and 18092

BIT_RATES = (9_600, 19_200, 38_400, 57_600, 115_200, 230_400, 460_800, 921_600, 1_288_000)
FACTORY_BIT_RATE = 115_200

_TIMED_OUT, _INVALID, _NOT_NOW = 0x01, 0x10, 0x27
_MORE = 0x40
_RATS_BY_ITSELF = 0x10
_FOR_EVER = 0xFF
_ONE_TRY_S = 0.005
_POWER_DOWN, _SAM, _GET_FIRMWARE, _DIAGNOSE, _GENERAL_STATUS = 0x16, 0x14, 0x02, 0x00, 0x04
_ALLOWED_BEFORE_SAM = {_SAM, _GET_FIRMWARE, _DIAGNOSE, _GENERAL_STATUS}
_BEYOND_BASICS = {0x10, 0x12, 0x32, 0x4E, 0x52}
_RF_CONFIGURATION_BYTES = {0x01: 1, 0x02: 3, 0x04: 1, 0x05: 3, 0x0A: 11, 0x0B: 8, 0x0C: 3, 0x0D: 9}
_AUTO_POLL_TYPES: dict[int, type[TypeA] | type[TypeB]] = {
    0x00: TypeA, 0x10: TypeA, 0x20: TypeA, 0x03: TypeB, 0x23: TypeB,
}  # fmt: skip
_APDU_ONLY = {0x20, 0x23}


class SyntaxFault(Exception):
    """The chip does not know this command, or not in this form."""


class Interrupted(Exception):
    """The host sent something else before the command had ended."""


class Wait(Protocol):
    """Let time pass for a command. Raises `Interrupted`."""

    def __call__(self, seconds: float | None) -> None: ...


class Pn532Firmware:
    """The chip's state between commands. `run` is called from one thread.

    `bit_rate` is the line's, `wanted_bit_rate` the one it changes to when the host acknowledges that."""

    def __init__(self, field: RfField, faults: Pn532Faults, *, rf_timeout_s: float) -> None:
        self._field = field
        self._faults = faults
        self._rf_timeout_s = rf_timeout_s
        self._commands: dict[int, Callable[[bytes, Wait], bytes]] = {
            _DIAGNOSE: self._diagnose,
            _GET_FIRMWARE: lambda _data, _wait: FIRMWARE,
            _GENERAL_STATUS: self._general_status,
            0x06: self._read_registers,
            0x08: self._write_registers,
            0x0C: lambda _data, _wait: b"\xff\xff\x03",
            0x0E: lambda _data, _wait: b"",
            0x10: self._set_serial_baud_rate,
            0x12: self._set_parameters,
            _SAM: self._sam_configuration,
            _POWER_DOWN: self._power_down,
            0x32: self._rf_configuration,
            0x40: self._data_exchange,
            0x42: self._communicate_thru,
            0x44: self._deselect,
            0x46: self._no_peer,
            0x4A: self._list_passive_target,
            0x4E: self._psl,
            0x50: self._no_peer,
            0x52: self._release,
            0x54: self._select,
            0x56: self._no_peer,
            0x60: self._auto_poll,
        }
        self.reset()

    def reset(self) -> None:
        """Power on: asleep, in LowVbat mode, with the settings of the factory."""
        self.is_asleep = True
        self.bit_rate = self.wanted_bit_rate = FACTORY_BIT_RATE
        self._is_normal = False
        self._parameters = _RATS_BY_ITSELF | 0x04
        self._activation_tries = _FOR_EVER
        self._registers: dict[int, int] = {}
        self._is_fast = False
        self._half_command = b""
        self._answer_left = b""
        self._field.switch(on=False)

    def run(self, command: bytes, wait: Wait) -> bytes:
        """Carry out a command (its word and data); gives the answer, which begins with its word plus one.

        Raises `SyntaxFault`, `Interrupted`."""
        if not command or command[0] not in self._commands:
            raise SyntaxFault
        if not self._is_normal and command[0] not in _ALLOWED_BEFORE_SAM:
            raise SyntaxFault
        if self._faults.only_basics and command[0] in _BEYOND_BASICS:
            raise SyntaxFault
        return bytes([command[0] + 1]) + self._commands[command[0]](command[1:], wait)

    # settings

    def _diagnose(self, data: bytes, wait: Wait) -> bytes:
        test = _need(data, 1, whole=False) or data[:1]
        if test == b"\x00":
            return data
        if test == b"\x06":
            if self._field.active is None:
                wait(self._rf_timeout_s)
                return bytes([_TIMED_OUT])
            return b"\0"
        if test not in (b"\x01", b"\x02", b"\x04", b"\x05", b"\x07"):
            raise SyntaxFault
        return b"\0"

    def _general_status(self, _data: bytes, _wait: Wait) -> bytes:
        active = self._field.active
        target = b"" if active is None else bytes([1, 0, 0, 0x10 if isinstance(active.shape, TypeA) else 0x00])
        return bytes([0, self._field.is_on, len(target) // 4]) + target + b"\0"

    def _read_registers(self, data: bytes, _wait: Wait) -> bytes:
        if not data or len(data) % 2:
            raise SyntaxFault
        return bytes(self._registers.get(data[at] << 8 | data[at + 1], 0) for at in range(0, len(data), 2))

    def _write_registers(self, data: bytes, _wait: Wait) -> bytes:
        if not data or len(data) % 3:
            raise SyntaxFault
        for at in range(0, len(data), 3):
            self._registers[data[at] << 8 | data[at + 1]] = data[at + 2]
        return b""

    def _set_serial_baud_rate(self, data: bytes, _wait: Wait) -> bytes:
        _need(data, 1)
        if data[0] >= len(BIT_RATES):
            raise SyntaxFault
        self.wanted_bit_rate = BIT_RATES[data[0]]
        return b""

    def _set_parameters(self, data: bytes, _wait: Wait) -> bytes:
        _need(data, 1)
        self._parameters = data[0]
        return b""

    def _sam_configuration(self, data: bytes, _wait: Wait) -> bytes:
        if not 1 <= len(data) <= 3 or data[0] not in (1, 2, 3, 4):
            raise SyntaxFault
        self._is_normal = True
        return b""

    def _power_down(self, data: bytes, _wait: Wait) -> bytes:
        if not 1 <= len(data) <= 2:
            raise SyntaxFault
        self._field.switch(on=False)
        self.is_asleep = True
        return b"\0"

    def _rf_configuration(self, data: bytes, _wait: Wait) -> bytes:
        if not data or len(data) - 1 != _RF_CONFIGURATION_BYTES.get(data[0]):
            raise SyntaxFault
        if data[0] == 0x01:
            self._field.switch(on=bool(data[1] & 1))
        elif data[0] == 0x05:
            self._activation_tries = data[3]
        return b""

    # cards

    def _list_passive_target(self, data: bytes, wait: Wait) -> bytes:
        if len(data) < 2 or not 1 <= data[0] <= 2 or data[1] > 4 or (data[1] == 3 and len(data) < 3):
            raise SyntaxFault
        if data[1] == 3 and self._faults.no_type_b:
            raise SyntaxFault
        kind = {0: TypeA, 3: TypeB}.get(data[1])
        found = self._call_until_found(kind, wait)
        return b"\0" if found is None else b"\x01" + self._target_data(found)

    def _call_until_found(self, kind: type[TypeA] | type[TypeB] | None, wait: Wait) -> LaidCard | None:
        self._start_conversation()
        tries = 0
        while kind is None or (found := self._field.activate(kind)) is None:
            tries += 1
            wait(_ONE_TRY_S if self._activation_tries != _FOR_EVER else None)
            if self._activation_tries != _FOR_EVER and tries > self._activation_tries:
                return None
        return found

    def _target_data(self, found: LaidCard) -> bytes:
        if isinstance(found.shape, TypeB):
            answer = found.attrib_answer
            return b"\x01" + found.atqb + bytes([len(answer)]) + answer
        shape = found.shape
        ats = found.ats if self._parameters & _RATS_BY_ITSELF else b""
        return b"\x01" + shape.atqa + bytes([shape.sak, len(shape.uid)]) + shape.uid + ats

    def _auto_poll(self, data: bytes, wait: Wait) -> bytes:
        if len(data) < 3 or not data[0] or not 1 <= data[1] <= 15:
            raise SyntaxFault
        self._start_conversation()
        rounds = data[0]
        while rounds:
            for kind in data[2:]:
                shape = _AUTO_POLL_TYPES.get(kind)
                found = self._field.activate(shape) if shape is not None else None
                if found is not None and (found.knows_apdus or kind not in _APDU_ONLY):
                    told = self._target_data(found)
                    return bytes([1, kind, len(told)]) + told
                wait(_ONE_TRY_S)
            rounds -= data[0] != _FOR_EVER
            wait(data[1] * 0.15)
        return b"\0"

    def _psl(self, data: bytes, _wait: Wait) -> bytes:
        _need(data, 3)
        active = self._field.active
        if active is None or data[0] != 1:
            return bytes([_NOT_NOW])
        if not active.ats or max(data[1:]) > 2:
            return bytes([_INVALID])
        self._is_fast = max(data[1:]) > 0
        return b"\0"

    def _data_exchange(self, data: bytes, wait: Wait) -> bytes:
        if not data:
            raise SyntaxFault
        if data[0] & ~_MORE != 1 or not self._field.is_on:
            return bytes([_NOT_NOW])
        failed = self._exchange_fault()
        if failed is not None:
            return bytes([failed])
        if data[0] & _MORE:
            self._half_command += data[1:]
            return b"\0"
        if len(data) > 1 or not self._answer_left:
            command, self._half_command = self._half_command + data[1:], b""
            answer = self._field.send_apdu(command)
            if answer is None:
                wait(self._rf_timeout_s)
                return bytes([_TIMED_OUT])
            self._answer_left = answer
        part, self._answer_left = self._answer_left[:MAX_EXCHANGE_BYTES], self._answer_left[MAX_EXCHANGE_BYTES:]
        return bytes([_MORE if self._answer_left else 0]) + part

    def _exchange_fault(self) -> int | None:
        if self._faults.act("take_after_exchanges"):
            self._field.lay(None)
        status, self._faults.exchange_status = self._faults.exchange_status, None
        if status is None and self._is_fast and self._faults.fails_at_higher_rates:
            return 0x02
        return status

    def _communicate_thru(self, data: bytes, wait: Wait) -> bytes:
        answer = self._field.send_raw(data) if self._field.is_on else None
        if answer is None or len(answer) > MAX_EXCHANGE_BYTES:
            wait(self._rf_timeout_s)
            return bytes([_TIMED_OUT])
        return b"\0" + answer

    def _select(self, data: bytes, _wait: Wait) -> bytes:
        _need(data, 1)
        laid = self._field.laid
        if laid is None:
            return bytes([_NOT_NOW])
        self._start_conversation()
        self._field.activate(type(laid.shape))
        return b"\0"

    def _deselect(self, data: bytes, _wait: Wait) -> bytes:
        _need(data, 1)
        self._start_conversation()
        return b"\0"

    _release = _deselect

    def _no_peer(self, data: bytes, wait: Wait) -> bytes:
        if not data:
            raise SyntaxFault
        wait(self._rf_timeout_s)
        return bytes([_TIMED_OUT])

    def _start_conversation(self) -> None:
        self._field.let_go()
        self._is_fast = False
        self._half_command = self._answer_left = b""


def _need(data: bytes, size: int, *, whole: bool = True) -> bytes:
    """Check a command's length; gives nothing, so that it can stand for an empty answer. Raises `SyntaxFault`."""
    if len(data) < size or (whole and len(data) != size):
        raise SyntaxFault
    return b""
