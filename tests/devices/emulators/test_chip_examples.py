"""The card's own side of BAC, secure messaging and PACE against the worked examples of ICAO 9303-11."""

import pytest
from support.chip_examples import appendices, pace_examples

from devices.chip.apdu import Command, Response
from devices.chip.ciphers import AES_128
from devices.chip.groups import standardized_group
from devices.chip.keys import MrzKey
from devices.emulators.chip.algorithms import PaceKind
from devices.emulators.chip.application import EmulatedChip
from devices.emulators.chip.basic_access import BasicAccess
from devices.emulators.chip.card_image import MRZ_PASSWORD, CardImage
from devices.emulators.chip.pseudo_random_mapping import pseudo_random_number

CHIP_SECRETS = {  # nonce, mapping key, key: as the appendices print them beside the reader's
    "gm_ecdh": (
        "3F00C4D39D153F2B2A214A078D899B22",
        "498FF49756F2DC1587840041839A85982BE7761D14715FB091EFA7BCE9058560",
        "107CF58696EF6155053340FD633392BA81909DF7B9706F226F32086C7AFF974A",
    ),
    "gm_dh": (
        "FA5B7E3E49753A0DB9178B7B9BD898C8",
        "66DDAFEAC1609CB5B963BB0CB3FF8B3E047F336C",
        "A5B780126B7C980E9FCEA1D4539DA1D27C342DFA",
    ),
}
KINDS = {"gm_ecdh": PaceKind(), "gm_dh": PaceKind(parameter_id=0)}


def scripted(*values):
    """Random bytes that come out as these values; a private key of d is drawn as d - 1."""
    left = list(values)
    return lambda size: left.pop(0).to_bytes(size, "big")


def exchange_of(name):
    if name == "gm_ecdh":
        return [(step["command"], step["response"]) for step in appendices()["pace_gm_ecdh"]["exchange"]]
    return pace_examples()[name]["exchange"]


@pytest.mark.parametrize("name", CHIP_SECRETS)
def test_answers_the_pace_example_byte_for_byte(name):
    nonce, mapping, key = (int(value, 16) for value in CHIP_SECRETS[name])
    password = MrzKey(document_number="T22000129", birth="640812", expiry="101031").password
    image = CardImage(master_files={}, application_files={}, passwords={MRZ_PASSWORD: password}, pace=(KINDS[name],))
    chip = EmulatedChip(image, random_bytes=scripted(nonce, mapping - 1, key - 1))
    for command, answer in exchange_of(name):
        assert chip.transmit(bytes.fromhex(command)).hex().upper() == answer


def test_the_pseudo_random_point_of_the_integrated_mapping_is_the_printed_one():
    example = pace_examples()["im_ec"]
    reader_nonce = bytes.fromhex(example["octets"][0])
    group = standardized_group(13)
    number = pseudo_random_number(bytes.fromhex(example["nonce"]), reader_nonce, group.field, AES_128)
    mapped = group.mapped_to(number).public_of(1)
    assert mapped[1:33].hex().upper() == example["mapped_x"]


def test_opens_by_the_basic_access_example_and_keeps_its_session():
    example = appendices()["bac"]
    keys = MrzKey(document_number="L898902C", birth="690806", expiry="940623").basic_access_keys
    chip_key = 0x0B4F80323EB3191CB04970CB4052790B
    access = BasicAccess(keys, scripted(int(example["rnd_ic"], 16), chip_key))
    answer, session = access.authenticate(bytes.fromhex(example["external_authenticate_data"]))
    assert answer.hex().upper() == ("46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D7449")
    asked, told = example["secure_messaging"]
    plain = session.open(Command.decode(bytes.fromhex(asked["protected"])))
    assert plain.encode().hex().upper() == asked["plain"]
    protected = session.close(Response.decode(bytes.fromhex(told["plain"])), odd=False)
    assert protected.encode().hex().upper() == told["protected"]
