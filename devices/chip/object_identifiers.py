"""Object identifiers of the protocols, and what each stands for (ICAO 9303-11, 9.2; BSI TR-03110-3, A.1.1)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from devices.chip import tlv
from devices.chip.ciphers import AES_128, AES_192, AES_256, TRIPLE_DES, CipherSuite
from devices.chip.errors import MalformedData

_BSI = "0.4.0.127.0.7"
PACE = f"{_BSI}.2.2.4"
CHIP_AUTHENTICATION = f"{_BSI}.2.2.3"
CHIP_AUTHENTICATION_KEY = f"{_BSI}.2.2.1"
STANDARDIZED_PARAMETERS = f"{_BSI}.1.2"
ECDSA_PLAIN = f"{_BSI}.1.1.4.1"
ACTIVE_AUTHENTICATION = "2.23.136.1.1.5"

DH_PKCS3_KEY = "1.2.840.113549.1.3.1"
DH_X942_KEY = "1.2.840.10046.2.1"


class Agreement(StrEnum):
    """What the keys are agreed in."""

    DH = "dh"
    ECDH = "ecdh"


class Mapping(StrEnum):
    """How PACE makes a generator of the nonce."""

    GENERIC = "gm"
    INTEGRATED = "im"
    CHIP_AUTHENTICATION = "cam"


@dataclass(frozen=True, kw_only=True)
class Protocol:
    """One kind of PACE (`mapping` says which) or of chip authentication (`mapping` is None)."""

    oid: str
    agreement: Agreement
    suite: CipherSuite
    suite_name: str
    mapping: Mapping | None = None

    @property
    def name(self) -> str:
        """As the standard writes it, in small letters: `ecdh-gm-aes-cbc-cmac-128`."""
        return "-".join(part for part in (self.agreement, self.mapping, self.suite_name) if part)


_SUITES: tuple[tuple[CipherSuite, str], ...] = (
    (TRIPLE_DES, "3des-cbc-cbc"),
    (AES_128, "aes-cbc-cmac-128"),
    (AES_192, "aes-cbc-cmac-192"),
    (AES_256, "aes-cbc-cmac-256"),
)
_PACE_KINDS = {
    1: (Agreement.DH, Mapping.GENERIC),
    2: (Agreement.ECDH, Mapping.GENERIC),
    3: (Agreement.DH, Mapping.INTEGRATED),
    4: (Agreement.ECDH, Mapping.INTEGRATED),
    6: (Agreement.ECDH, Mapping.CHIP_AUTHENTICATION),
}


def pace_protocol(oid: str) -> Protocol | None:
    """What a PACE identifier with its algorithms stands for; None where it is none we know."""
    kind, suite = _last_two(oid, PACE)
    if kind not in _PACE_KINDS or not 1 <= suite <= len(_SUITES):
        return None
    agreement, mapping = _PACE_KINDS[kind]
    if mapping is Mapping.CHIP_AUTHENTICATION and suite == 1:
        return None  # there is none with 3DES
    cipher, name = _SUITES[suite - 1]
    return Protocol(oid=oid, agreement=agreement, suite=cipher, suite_name=name, mapping=mapping)


def chip_authentication_protocol(oid: str) -> Protocol | None:
    """What a chip authentication identifier stands for; None where it is none we know."""
    kind, suite = _last_two(oid, CHIP_AUTHENTICATION)
    if kind not in (1, 2) or not 1 <= suite <= len(_SUITES):
        return None
    agreement = Agreement.DH if kind == 1 else Agreement.ECDH
    cipher, name = _SUITES[suite - 1]
    return Protocol(oid=oid, agreement=agreement, suite=cipher, suite_name=name)


def decode(value: bytes) -> str:
    """The dotted form of the value of an OBJECT IDENTIFIER. Raises `MalformedData`."""
    if not value or value[-1] & 0x80 or len(value) > 64:
        raise MalformedData("object identifier")
    arcs: list[int] = []
    number = 0
    for byte in value:
        number = number << 7 | byte & 0x7F
        if not byte & 0x80:
            arcs.append(number)
            number = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(str(arc) for arc in (first, arcs[0] - 40 * first, *arcs[1:]))


def encode(oid: str) -> bytes:
    """The value of an OBJECT IDENTIFIER of a dotted form."""
    arcs = [int(arc) for arc in oid.split(".")]
    return b"".join(_encode_arc(arc) for arc in (40 * arcs[0] + arcs[1], *arcs[2:]))


def of(element: tlv.Tlv) -> str:
    """The dotted form of an OBJECT IDENTIFIER element. Raises `MalformedData`."""
    if element.tag != 0x06:
        raise MalformedData("not an object identifier")
    return decode(element.value)


def _encode_arc(arc: int) -> bytes:
    octets = [arc & 0x7F]
    while arc := arc >> 7:
        octets.append(arc & 0x7F | 0x80)
    return bytes(reversed(octets))


def _last_two(oid: str, base: str) -> tuple[int, int]:
    """The two numbers after `base`; zeros where it is not two."""
    if not oid.startswith(base + "."):
        return 0, 0
    rest = oid[len(base) + 1 :].split(".")
    return (int(rest[0]), int(rest[1])) if len(rest) == 2 else (0, 0)
