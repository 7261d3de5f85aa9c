import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from devices.chip.errors import ProtocolBroken, Unsupported
from devices.chip.groups import PARAMETER_IDS, CurveGroup, curve_named, named_curve, standardized_group

CURVE_IDS = tuple(each for each in PARAMETER_IDS if each >= 8)
CURVES_OF_CRYPTOGRAPHY = {
    12: ec.SECP256R1(),
    13: ec.BrainpoolP256R1(),
    15: ec.SECP384R1(),
    16: ec.BrainpoolP384R1(),
    17: ec.BrainpoolP512R1(),
    18: ec.SECP521R1(),
}


@pytest.mark.parametrize("parameter_id", PARAMETER_IDS)
def test_both_sides_come_to_the_same_secret_also_after_generic_mapping(parameter_id):
    group = standardized_group(parameter_id)
    chip, terminal = group.new_key(), group.new_key()
    assert group.shared_secret(chip.private, terminal.public) == group.shared_secret(terminal.private, chip.public)
    by_chip = group.mapped_generically(77, chip.private, terminal.public)
    by_terminal = group.mapped_generically(77, terminal.private, chip.public)
    assert by_chip.public_of(5) == by_terminal.public_of(5) != group.public_of(5)


@pytest.mark.parametrize(("parameter_id", "known"), CURVES_OF_CRYPTOGRAPHY.items())
def test_secrets_equal_those_of_another_library(parameter_id, known):
    group = standardized_group(parameter_id)
    ours, theirs = group.new_key(), ec.generate_private_key(known)
    numbers = theirs.public_key().public_numbers()
    public = b"\x04" + b"".join(part.to_bytes(group.coordinate_size, "big") for part in (numbers.x, numbers.y))
    peer = ec.EllipticCurvePublicKey.from_encoded_point(known, ours.public)
    assert group.shared_secret(ours.private, public) == theirs.exchange(ec.ECDH(), peer)


@pytest.mark.parametrize("parameter_id", [each for each in PARAMETER_IDS if each != 10])
def test_integrated_mapping_gives_a_generator_of_the_same_order(parameter_id):
    mapped = standardized_group(parameter_id).mapped_to(0x1234567890ABCDEF**5)
    assert mapped.shared_secret(3, mapped.public_of(2)) == mapped.shared_secret(2, mapped.public_of(3))
    with pytest.raises(ProtocolBroken):
        mapped.public_of(mapped.order)


def test_integrated_mapping_is_not_offered_over_the_one_prime_it_cannot_use():
    with pytest.raises(Unsupported):
        standardized_group(10).mapped_to(5)


@pytest.mark.parametrize("parameter_id", PARAMETER_IDS)
def test_elements_that_are_none_are_refused(parameter_id):
    group = standardized_group(parameter_id)
    size = len(group.public_of(1))
    for hostile in (b"", b"\x00", b"\x04" + bytes(size - 1), bytes(size), b"\xff" * size, group.public_of(1)[:-1]):
        with pytest.raises(ProtocolBroken):
            group.shared_secret(3, hostile)


@settings(max_examples=50)
@given(st.binary(max_size=70))
def test_any_bytes_are_an_element_or_refused_by_name(data):
    try:
        standardized_group(13).shared_secret(3, data)
    except ProtocolBroken:
        return


@pytest.mark.parametrize("parameter_id", CURVE_IDS)
def test_explicit_parameters_are_matched_to_the_named_curve(parameter_id):
    group = standardized_group(parameter_id)
    assert isinstance(group, CurveGroup)
    curve, base = group.curve.curve, group.curve.generator
    explicit = {"p": curve.p(), "a": curve.a(), "b": curve.b(), "order": group.order}
    found = named_curve(**explicit, generator=(base.x(), base.y()))
    assert found.name == group.name
    assert curve_named(group.name).name == group.name
    other = base * 2
    with pytest.raises(Unsupported):
        named_curve(**explicit, generator=(other.x(), other.y()))
