"""The groups keys are agreed in: elliptic curves and finite fields by one face; the standardized domain parameters.

ICAO 9303-11, 9.5.1 (table of parameter ids), 9.4.1 (coding of points), BSI TR-03111 (elliptic curves), PKCS#3 (DH).
Curve arithmetic is python-ecdsa's: the one maintained library with every curve named here and with point addition,
which the generic mapping of PACE needs. It does not hide its timing; all keys here are ephemeral, or a test chip's own.
"""

from __future__ import annotations

import functools
import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

import ecdsa
from ecdsa.ellipticcurve import PointJacobi

from devices.chip.errors import ProtocolBroken, Unsupported
from devices.chip.modp_groups import MODP_1024_160, MODP_2048_224, MODP_2048_256, ModpParameters

RandomBelow = Callable[[int], int]
"""A uniform number in 0 … n-1, for n; `secrets.randbelow` unless a worked example asks for another."""
_UNCOMPRESSED = 0x04


@dataclass(frozen=True, kw_only=True)
class KeyPair:
    """`public` is coded as it goes over the wire: 04 ‖ x ‖ y for curves, a number of the prime's length for fields."""

    private: int
    public: bytes


class Group(ABC):
    """A cyclic group of prime order with a generator. Public elements are bytes and are checked whenever they come in:
    off the curve, not in the field, neutral: `ProtocolBroken`."""

    name: str
    order: int

    @abstractmethod
    def public_of(self, private: int) -> bytes:
        """The public element of a private key."""

    @abstractmethod
    def shared_secret(self, private: int, peer: bytes) -> bytes:
        """What both sides come to: the x-coordinate of a curve, the number of a field, in full length."""

    @abstractmethod
    def mapped_generically(self, nonce: int, private: int, peer: bytes) -> Group:
        """The group with the generator s·G + H, H being the shared element (ICAO 9303-11, 4.4.3.3.1)."""

    @abstractmethod
    def mapped_to(self, number: int) -> Group:
        """The group whose generator is made of a pseudo-random number (integrated mapping, 9303-11, 4.4.3.3.2)."""

    @property
    @abstractmethod
    def field(self) -> int:
        """The prime the coordinates or elements are taken modulo."""

    def new_key(self, random_below: RandomBelow = secrets.randbelow) -> KeyPair:
        """An ephemeral key pair."""
        private = 1 + random_below(self.order - 1)
        return KeyPair(private=private, public=self.public_of(private))


class CurveGroup(Group):
    """An elliptic curve over a prime field with cofactor one."""

    def __init__(self, curve: ecdsa.curves.Curve, name: str, generator: PointJacobi | None = None) -> None:
        self.name = name
        self.curve = curve
        self.order = int(curve.order)
        self._generator = generator or curve.generator

    @property
    def field(self) -> int:
        return int(self.curve.curve.p())

    @property
    def coordinate_size(self) -> int:
        return (self.field.bit_length() + 7) // 8

    def public_of(self, private: int) -> bytes:
        return self._encode(self._generator * private)

    def shared_secret(self, private: int, peer: bytes) -> bytes:
        return self._encode(self._decode(peer) * private)[1 : 1 + self.coordinate_size]

    def mapped_generically(self, nonce: int, private: int, peer: bytes) -> CurveGroup:
        shared = self._decode(peer) * private
        return self._with(self._generator * nonce + shared)

    def mapped_to(self, number: int) -> CurveGroup:
        x, y = _point_encoding(number, self.field, int(self.curve.curve.a()), int(self.curve.curve.b()))
        return self._with(self._checked(x, y))

    def point(self, public: bytes) -> tuple[int, int]:
        """Coordinates of a public element. Raises `ProtocolBroken`."""
        decoded = self._decode(public).to_affine()
        return int(decoded.x()), int(decoded.y())

    def _with(self, generator: PointJacobi) -> CurveGroup:
        if generator == ecdsa.ellipticcurve.INFINITY:
            raise ProtocolBroken("mapping came to the neutral element")
        affine = generator.to_affine()
        plain = PointJacobi(self.curve.curve, affine.x(), affine.y(), 1, self.order)
        return CurveGroup(self.curve, self.name, plain)

    def _encode(self, point: PointJacobi) -> bytes:
        if point == ecdsa.ellipticcurve.INFINITY:
            raise ProtocolBroken("neutral element")
        affine, size = point.to_affine(), self.coordinate_size
        return bytes([_UNCOMPRESSED]) + int(affine.x()).to_bytes(size, "big") + int(affine.y()).to_bytes(size, "big")

    def _decode(self, public: bytes) -> PointJacobi:
        size = self.coordinate_size
        if len(public) != 1 + 2 * size or public[0] != _UNCOMPRESSED:
            raise ProtocolBroken("not an uncompressed point of this curve")
        return self._checked(int.from_bytes(public[1 : 1 + size], "big"), int.from_bytes(public[1 + size :], "big"))

    def _checked(self, x: int, y: int) -> PointJacobi:
        if x >= self.field or y >= self.field or not self.curve.curve.contains_point(x, y):
            raise ProtocolBroken("point not on the curve")
        return PointJacobi(self.curve.curve, x, y, 1, self.order)


class FieldGroup(Group):
    """A subgroup of prime order of the numbers modulo a prime."""

    def __init__(self, parameters: ModpParameters, name: str) -> None:
        self.name = name
        self.parameters = parameters
        self.order = parameters.q

    @property
    def field(self) -> int:
        return self.parameters.p

    def public_of(self, private: int) -> bytes:
        return self._encode(pow(self.parameters.g, private, self.field))

    def shared_secret(self, private: int, peer: bytes) -> bytes:
        return self._encode(pow(self._decode(peer), private, self.field))

    def mapped_generically(self, nonce: int, private: int, peer: bytes) -> FieldGroup:
        shared = pow(self._decode(peer), private, self.field)
        return self._with(pow(self.parameters.g, nonce, self.field) * shared % self.field)

    def mapped_to(self, number: int) -> FieldGroup:
        cofactor = (self.field - 1) // self.order
        return self._with(pow(number % self.field, cofactor, self.field))

    def _with(self, generator: int) -> FieldGroup:
        if generator <= 1:
            raise ProtocolBroken("mapping came to the neutral element")
        return FieldGroup(ModpParameters(p=self.field, g=generator, q=self.order), self.name)

    def _encode(self, element: int) -> bytes:
        if element <= 1:
            raise ProtocolBroken("neutral element")
        return element.to_bytes((self.field.bit_length() + 7) // 8, "big")

    def _decode(self, public: bytes) -> int:
        element = int.from_bytes(public, "big")
        if not 1 < element < self.field - 1 or pow(element, self.order, self.field) != 1:
            raise ProtocolBroken("not an element of this group")
        return element


_CURVES = {
    8: ("secp192r1", ecdsa.NIST192p),
    9: ("brainpoolP192r1", ecdsa.BRAINPOOLP192r1),
    10: ("secp224r1", ecdsa.NIST224p),
    11: ("brainpoolP224r1", ecdsa.BRAINPOOLP224r1),
    12: ("secp256r1", ecdsa.NIST256p),
    13: ("brainpoolP256r1", ecdsa.BRAINPOOLP256r1),
    14: ("brainpoolP320r1", ecdsa.BRAINPOOLP320r1),
    15: ("secp384r1", ecdsa.NIST384p),
    16: ("brainpoolP384r1", ecdsa.BRAINPOOLP384r1),
    17: ("brainpoolP512r1", ecdsa.BRAINPOOLP512r1),
    18: ("secp521r1", ecdsa.NIST521p),
}
_FIELDS = {
    0: ("modp1024-160", MODP_1024_160),
    1: ("modp2048-224", MODP_2048_224),
    2: ("modp2048-256", MODP_2048_256),
}
PARAMETER_IDS = (*_FIELDS, *_CURVES)


@functools.cache
def standardized_group(parameter_id: int) -> Group:
    """The group of a standardized parameter id, 0–2 and 8–18 (ICAO 9303-11, 9.5.1). Raises `Unsupported`."""
    if parameter_id in _CURVES:
        name, curve = _CURVES[parameter_id]
        return CurveGroup(curve, name)
    if parameter_id in _FIELDS:
        name, field = _FIELDS[parameter_id]
        return FieldGroup(field, name)
    raise Unsupported(f"domain parameters {parameter_id}")


def named_curve(*, p: int, a: int, b: int, generator: tuple[int, int], order: int) -> CurveGroup:
    """The known curve that explicit parameters spell out, all of them equal; `a` and `b` in 0 … p-1.

    Parameters that match none are `Unsupported`: whoever chooses the generator can forge (CVE-2020-0601).
    """
    for name, curve in _CURVES.values():
        known, base = curve.curve, curve.generator
        same = (known.p(), known.a() % known.p(), known.b() % known.p()) == (p, a % p, b % p)
        if same and (base.x(), base.y()) == generator and curve.order == order:
            return CurveGroup(curve, name)
    raise Unsupported("explicit curve parameters without a name")


def curve_named(name: str) -> CurveGroup:
    """The curve of a name like `brainpoolP256r1`. Raises `Unsupported`."""
    for known, curve in _CURVES.values():
        if known == name:
            return CurveGroup(curve, name)
    raise Unsupported(f"curve {name}")


def _point_encoding(number: int, p: int, a: int, b: int) -> tuple[int, int]:
    """A point made of a number in constant form for p = 3 mod 4 (ICAO 9303-11, appendix B.2, Brier et al.)."""
    if p % 4 != 3:
        raise Unsupported("integrated mapping over a prime that is not 3 modulo 4")
    alpha = -pow(number, 2, p) % p
    base = -b * pow(a, -1, p) % p
    x2 = base * (1 + pow((alpha + alpha * alpha) % p, -1, p)) % p
    x3 = alpha * x2 % p
    h2 = (pow(x2, 3, p) + a * x2 + b) % p
    u = pow(number, 3, p) * h2 % p
    root = pow(h2, (p - 1) - (p + 1) // 4, p)
    if root * root % p * h2 % p == 1:
        return x2, root * h2 % p
    return x3, root * u % p
