"""PACE byte for byte against every worked example of ICAO 9303-11."""

from dataclasses import dataclass

import pytest
from support.chip_examples import PlayedChip, appendices, fixed, pace_examples

from devices.chip.ciphers import AES_128
from devices.chip.errors import ChipRefused, KeyRefused, ProtocolBroken
from devices.chip.groups import standardized_group
from devices.chip.keys import CanKey, KeyUse, MrzKey, derive_key
from devices.chip.object_identifiers import pace_protocol
from devices.chip.pace import PaceChoice, open_by_pace
from devices.chip.pace_mapping import pseudo_random_number
from devices.chip.security_infos import PaceInfo

EXAMPLES = pace_examples()
GM_ECDH = {
    "mrz": appendices()["pace_gm_ecdh"]["mrz"],
    "oid": "0.4.0.127.0.7.2.2.4.2.2",
    "parameter_id": 13,
    "private": [
        appendices()["pace_gm_ecdh"]["terminal_map_private"],
        appendices()["pace_gm_ecdh"]["terminal_ephemeral_private"],
    ],
    "octets": [],
    "exchange": [[step["command"], step["response"]] for step in appendices()["pace_gm_ecdh"]["exchange"]],
    "ks_enc": appendices()["pace_gm_ecdh"]["ks_enc"],
    "ks_mac": appendices()["pace_gm_ecdh"]["ks_mac"],
}
ALL = {"gm_ecdh": GM_ECDH, **EXAMPLES}
SOME_MRZ = MrzKey(document_number="T22000129", birth="640812", expiry="101031")


@dataclass
class Played:
    session: object
    chip: PlayedChip


def choice_of(example):
    info = PaceInfo(protocol=pace_protocol(example["oid"]), version=2, parameter_id=example["parameter_id"])
    return PaceChoice(info=info, group=standardized_group(example["parameter_id"]))


def exchange_of(example):
    """The exchange as printed; where the standard prints only the key of the nonce and not the document, the nonce is
    encrypted anew with a password we have. All else stays as printed."""
    exchange = [list(step) for step in example["exchange"]]
    if "mrz" not in example:
        key = derive_key(SOME_MRZ.password, KeyUse.PASSWORD, AES_128)
        exchange[1][1] = "7C128010" + AES_128.encrypt(key, bytes.fromhex(example["nonce"])).hex() + "9000"
    return exchange


def key_of(example):
    return MrzKey(**example["mrz"]) if "mrz" in example else SOME_MRZ


def play(example, exchange=None, key=None):
    chip = PlayedChip(exchange or exchange_of(example))
    randomness = fixed(example["private"], example["octets"])
    return Played(open_by_pace(chip, [choice_of(example)], key or key_of(example), randomness), chip)


@pytest.mark.parametrize("name", ALL)
def test_speaks_the_worked_example_byte_for_byte_and_comes_to_its_keys(name):
    example = ALL[name]
    played = play(example)
    assert played.chip.done
    keys = played.session.channel._keys
    assert keys.encryption.hex().upper() == example["ks_enc"]
    assert keys.mac.hex().upper() == example["ks_mac"]
    assert played.session.channel.counter == bytes(16)


@pytest.mark.parametrize("name", ["im_ec", "im_dh"])
def test_reads_the_nonce_as_printed(name):
    example = EXAMPLES[name]
    encrypted = bytes.fromhex(example["exchange"][1][1])[4:20]
    assert AES_128.decrypt(bytes.fromhex(example["nonce_key"]), encrypted) == bytes.fromhex(example["nonce"])


def test_maps_the_nonce_of_the_integrated_mapping_to_the_printed_point():
    example = EXAMPLES["im_ec"]
    group = standardized_group(13)
    number = pseudo_random_number(
        bytes.fromhex(example["nonce"]), bytes.fromhex(example["octets"][0]), AES_128, group.field
    )
    assert group.mapped_to(number).public_of(1)[1:33].hex().upper() == example["mapped_x"]


def test_proves_the_static_key_of_the_chip_authentication_mapping():
    example = EXAMPLES["cam"]
    proof = play(example).session.proof
    static = bytes.fromhex(example["static_public"])
    assert proof.data == int(example["chip_authentication_data"], 16)
    assert proof.fits(static)
    assert not proof.fits(standardized_group(13).public_of(7))
    assert not proof.fits(static[:-1])


def test_generic_mapping_leaves_no_proof():
    assert play(GM_ECDH).session.proof is None


@pytest.mark.parametrize(
    ("status", "left"), [("6300", None), ("63C2", 2), ("63C0", 0), ("6982", None), ("6983", 0), ("6A80", None)]
)
def test_a_refused_token_is_a_refused_key_with_the_tries_the_chip_tells(status, left):
    exchange = exchange_of(GM_ECDH)
    exchange[-1][1] = status
    with pytest.raises(KeyRefused) as refused:
        play(GM_ECDH, exchange)
    assert refused.value.tries_left == left


def test_a_password_blocked_before_it_was_tried_is_a_refused_key():
    exchange = exchange_of(GM_ECDH)
    exchange[0][1] = "6983"
    with pytest.raises(KeyRefused) as refused:
        play(GM_ECDH, exchange)
    assert refused.value.tries_left == 0


@pytest.mark.parametrize("step", [1, 2, 3])
def test_a_refusal_in_an_earlier_step_says_nothing_about_the_key(step):
    exchange = exchange_of(GM_ECDH)
    exchange[step][1] = "6300"
    with pytest.raises(ChipRefused):
        play(GM_ECDH, exchange)


def test_the_count_of_tries_is_no_refusal_of_the_choice():
    exchange = exchange_of(GM_ECDH)
    exchange[0][1] = "63C2"
    assert play(GM_ECDH, exchange).chip.done


@pytest.mark.parametrize("step", [1, 2, 3, 4])
@pytest.mark.parametrize(
    "answer",
    ["9000", "7C009000", "7C02FF009000", "7C0580039000", "7D009000", "FFFFFF9000", "7C038001FF9000"],
)
def test_answers_that_are_none_break_the_protocol(step, answer):
    exchange = exchange_of(GM_ECDH)
    exchange[step][1] = answer
    with pytest.raises(ProtocolBroken):
        play(GM_ECDH, exchange)


def test_a_chip_that_sends_our_own_key_back_breaks_the_protocol():
    exchange = exchange_of(GM_ECDH)
    exchange[2][1] = exchange[2][0][10:-2].replace("7C438141", "7C438241") + "9000"
    with pytest.raises(ProtocolBroken):
        play(GM_ECDH, exchange)


def test_a_wrong_token_of_the_chip_breaks_the_protocol():
    exchange = exchange_of(GM_ECDH)
    exchange[-1][1] = "7C0A86083ABB9674BCE93C099000"
    with pytest.raises(ProtocolBroken):
        play(GM_ECDH, exchange)


def test_the_can_is_announced_as_such():
    exchange = exchange_of(GM_ECDH)
    exchange[0][0] = exchange[0][0].replace("830101", "830102")
    exchange[-1][1] = "6300"
    exchange[2:] = []
    exchange[1][1] = "6982"
    with pytest.raises(ChipRefused):
        play(GM_ECDH, exchange, CanKey(digits="123456"))


def test_the_next_choice_is_taken_when_the_chip_does_not_take_the_first():
    exchange = exchange_of(GM_ECDH)
    first = ["0022C1A412800A04007F00070202040204830101840110", "6A80"]
    chip = PlayedChip([first, *exchange])
    stronger = {"oid": "0.4.0.127.0.7.2.2.4.2.4", "parameter_id": 16}
    choices = [choice_of(stronger), choice_of(GM_ECDH)]
    session = open_by_pace(chip, choices, key_of(GM_ECDH), fixed(GM_ECDH["private"]))
    assert chip.done
    assert session.choice.name == "ecdh-gm-aes-cbc-cmac-128 brainpoolP256r1"
