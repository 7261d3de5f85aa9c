"""SecurityInfos: what public chips say, every form of key, and hostile bytes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.chip import object_identifiers as oids
from devices.chip import tlv
from devices.chip.errors import ChipError, MalformedData
from devices.chip.groups import PARAMETER_IDS, standardized_group
from devices.chip.object_identifiers import Agreement, Mapping
from devices.chip.pace import pace_choices
from devices.chip.security_infos import PaceInfo, SecurityInfos, UnknownInfo, pace_group, parse_security_infos
from devices.chip.subject_keys import AgreementKey, parse_public_key
from devices.emulators.chip.algorithms import ChipAuthenticationKind, ParameterForm, Suite
from devices.emulators.chip.citizen import CITIZENS
from devices.emulators.chip.issuer import Issuer
from devices.emulators.chip.personalisation import draft_card
from devices.emulators.chip.variants import PROFILES

# EF.CardAccess as OpenPACE publishes it in its examples
OPENPACE = bytes.fromhex(
    "318182300D060804007F00070202020201023012060A04007F000702020302020201020201413012060A04007F000702020402020201"
    "0202010D301C060904007F000702020302300C060704007F0007010202010D020141302B060804007F0007020206161F655041202D20"
    "42447220476D6248202D20546573746B617274652076322E3004491715411928800A01B421FA0700000000000000000000000000000000"
    "0000201010291010"
)
EXAMPLE = bytes.fromhex("31143012060A04007F0007020204020202010202010D")


def der_integer(number):
    size = number.bit_length() // 8 + 1
    return tlv.encode(0x02, number.to_bytes(size, "big"))


def info(oid, *parts):
    return tlv.encode(0x30, tlv.encode(0x06, oids.encode(oid)), *parts)


def infos_of(*infos):
    return parse_security_infos(tlv.encode(0x31, *infos))


def test_reads_the_worked_example():
    (pace,) = parse_security_infos(EXAMPLE).pace
    assert pace.protocol.name == "ecdh-gm-aes-cbc-cmac-128"
    assert pace.protocol.agreement is Agreement.ECDH
    assert (pace.version, pace.parameter_id) == (2, 13)


def test_reads_what_a_public_test_card_says_and_keeps_what_it_does_not_know():
    infos = parse_security_infos(OPENPACE)
    assert [each.parameter_id for each in infos.pace] == [13]
    assert [(each.protocol.name, each.version, each.key_id) for each in infos.chip_authentication] == [
        ("ecdh-aes-cbc-cmac-128", 2, 0x41)
    ]
    assert any(isinstance(each, UnknownInfo) for each in infos.infos)


def test_padding_behind_is_tolerated():
    assert len(parse_security_infos(EXAMPLE + bytes(20)).pace) == 1


def test_one_malformed_entry_does_not_hide_the_others():
    infos = infos_of(info(f"{oids.PACE}.2.2"), b"\x30\x02\x06\x05", tlv.encode(0x0C, b"text"), EXAMPLE[2:])
    assert len(infos.pace) == 1
    assert len(infos.infos) == 4


MAPPINGS = {
    1: (Agreement.DH, Mapping.GENERIC),
    2: (Agreement.ECDH, Mapping.GENERIC),
    3: (Agreement.DH, Mapping.INTEGRATED),
    4: (Agreement.ECDH, Mapping.INTEGRATED),
    6: (Agreement.ECDH, Mapping.CHIP_AUTHENTICATION),
}


@pytest.mark.parametrize("kind", MAPPINGS)
@pytest.mark.parametrize("suite", [1, 2, 3, 4])
def test_knows_every_kind_of_pace(kind, suite):
    protocol = oids.pace_protocol(f"{oids.PACE}.{kind}.{suite}")
    if (kind, suite) == (6, 1):
        assert protocol is None  # chip authentication mapping has no 3DES
        return
    assert protocol.suite.key_size == (16, 16, 24, 32)[suite - 1]
    assert (protocol.agreement, protocol.mapping) == MAPPINGS[kind]


@pytest.mark.parametrize("end", [".5.2", ".2.5", ".2", ".2.2.1", "0.2.2"])
def test_other_identifiers_are_none_of_pace(end):
    assert oids.pace_protocol(oids.PACE + end) is None


def offered(*kinds):
    return SecurityInfos(
        infos=tuple(
            PaceInfo(protocol=oids.pace_protocol(f"{oids.PACE}.{kind}.{suite}"), version=2, parameter_id=parameter)
            for kind, suite, parameter in kinds
        )
    )


def names(infos):
    return [choice.name for choice in pace_choices(infos)]


def test_the_strongest_way_of_pace_comes_first_whatever_the_order():
    kinds = [(2, 1, 12), (2, 2, 13), (2, 4, 17), (4, 4, 17), (1, 2, 0)]
    strongest = "ecdh-im-aes-cbc-cmac-256 brainpoolP512r1"
    assert names(offered(*kinds))[0] == names(offered(*reversed(kinds)))[0] == strongest
    assert names(offered(*kinds)) == names(offered(*reversed(kinds)))


def test_ways_nobody_can_go_are_left_out():
    integrated_over_secp224r1, unknown = (4, 2, 10), (2, 2, 40)
    curve_with_field, field_with_curve = (2, 2, 1), (1, 2, 13)
    assert names(offered(integrated_over_secp224r1, curve_with_field, field_with_curve, unknown)) == []


def test_spelled_out_domain_parameters_of_pace_are_mapped_to_names():
    algorithm = tlv.encode(0x30, tlv.encode(0x06, oids.encode(oids.STANDARDIZED_PARAMETERS)), tlv.encode(0x02, b"\x0d"))
    infos = infos_of(
        info(f"{oids.PACE}.2.2", b"\x02\x01\x02", b"\x02\x01\x40"), info(f"{oids.PACE}.2", algorithm, b"\x02\x01\x40")
    )
    assert pace_group(infos, infos.pace[0]).name == "brainpoolP256r1"


@pytest.mark.parametrize("parameter_id", PARAMETER_IDS)
@pytest.mark.parametrize("form", list(ParameterForm))
def test_reads_the_keys_of_data_group_14_in_every_form(parameter_id, form):
    if form is ParameterForm.PKCS3 and parameter_id > 2:
        return
    kind = ChipAuthenticationKind(suite=Suite.AES_256, parameter_id=parameter_id, form=form, key_id=3)
    card = _card(kind)
    infos = parse_security_infos(card.groups[14])
    (key_info,) = infos.chip_authentication_keys
    assert key_info.key == AgreementKey(
        group=key_info.key.group, public=standardized_group(parameter_id).public_of(card.agreement_keys[0].private)
    )
    assert key_info.key.group.name == standardized_group(parameter_id).name
    assert (key_info.key_id, infos.chip_authentication[0].key_id) == (3, 3)


def _card(kind):
    return draft_card(CITIZENS[0], replace(PROFILES["citizen"], chip_authentication=(kind,)), Issuer())


def test_a_field_element_beyond_its_field_is_malformed():
    group = standardized_group(0)
    parameters = tlv.encode(0x30, der_integer(group.parameters.p), der_integer(group.parameters.g))
    algorithm = tlv.encode(0x30, tlv.encode(0x06, oids.encode(oids.DH_PKCS3_KEY)), parameters)
    key = tlv.encode(0x30, algorithm, tlv.encode(0x03, b"\x00" + der_integer(group.field + 1)))
    with pytest.raises(MalformedData):
        parse_public_key(key)


@pytest.mark.parametrize("oid", ["0.4.0.127.0.7.2.2.4.2.2", "2.23.136.1.1.5", "1.2.840.113549.1.1.1", "2.999.3"])
def test_object_identifiers_there_and_back(oid):
    assert oids.decode(oids.encode(oid)) == oid


@given(st.binary(max_size=200))
def test_no_bytes_whatever_do_more_than_be_malformed(data):
    for make in (lambda: data, lambda: tlv.encode(0x31, data), lambda: tlv.encode(0x31, tlv.encode(0x30, data))):
        try:
            parse_security_infos(make())
        except MalformedData:
            continue


@given(st.integers(0, len(OPENPACE) - 1), st.integers(0, 255))
def test_no_changed_byte_does_more_than_be_malformed(at, value):
    try:
        parse_security_infos(OPENPACE[:at] + bytes([value]) + OPENPACE[at + 1 :])
    except MalformedData:
        return


@given(st.integers(0, 400), st.integers(0, 255), st.sampled_from([0, 13]))
def test_no_changed_byte_of_a_key_does_more_than_be_refused(at, value, parameter_id):
    key = by_number(parameter_id)
    try:
        parse_public_key(key[: at % len(key)] + bytes([value]) + key[at % len(key) + 1 :])
    except ChipError:
        return


def by_number(parameter_id):
    """A key with its domain parameters by their number."""
    group = standardized_group(parameter_id)
    public = group.public_of(5)
    parameters = tlv.encode(0x06, oids.encode(oids.STANDARDIZED_PARAMETERS)), der_integer(parameter_id)
    key = public if parameter_id > 2 else der_integer(int.from_bytes(public, "big"))
    return tlv.encode(0x30, tlv.encode(0x30, *parameters), tlv.encode(0x03, b"\x00" + key))


def test_a_malformed_key_is_kept_with_the_reason_and_without_the_key():
    broken = by_number(13)[:-70]
    infos = infos_of(info(f"{oids.CHIP_AUTHENTICATION_KEY}.2", tlv.encode(0x30, broken[2:])))
    (key_info,) = infos.chip_authentication_keys
    assert key_info.key is None
    assert key_info.reason
