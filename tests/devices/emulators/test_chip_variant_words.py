"""Kinds of cards named in words."""

import pytest
from support.chip_cards import Laid

from devices.chip.values import Access, Verdict
from devices.emulators.chip.variant_words import VariantUnknown, with_variants
from devices.emulators.chip.variants import PROFILES

CITIZEN = PROFILES["citizen"]


@pytest.mark.parametrize(
    ("words", "access", "protocol"),
    [
        (["pace=im:aes256:17"], Access.PACE_CAN, "ecdh-im-aes-cbc-cmac-256 brainpoolP512r1"),
        (["pace=gm:3des:0", "bac=no"], Access.PACE_CAN, "dh-gm-3des-cbc-cbc modp1024-160"),
        (["pace=none", "ca=3des:12:explicit", "aa=none"], Access.BAC, "bac-3des-cbc-cbc"),
        (["pace=cam:aes192:12", "ca=none", "aa=none"], Access.PACE_CAN, "ecdh-cam-aes-cbc-cmac-192 secp256r1"),
        (["aa=rsa1024:sha1", "ca=none", "photo=jpeg:20000"], Access.PACE_CAN, None),
        (["signer=secp384r1+explicit:sha384", "ca=aes128:13:standardized"], Access.PACE_CAN, None),
        (["signer=rsa1024:sha256:pss", "aa=secp224r1:sha224"], Access.PACE_CAN, None),
    ],
)
def test_a_card_in_words_is_read_as_such(words, access, protocol):
    record = Laid(with_variants(CITIZEN, words)).read()
    assert record.judgement.verdict is Verdict.AUTHENTIC
    assert record.access is access
    assert protocol in (None, record.protocol)


@pytest.mark.parametrize(
    "word",
    [
        "",
        "pace",
        "pace=gm",
        "pace=gm:aes128",
        "pace=gm:aes128:3",
        "pace=gm:des:13",
        "pace=cam:3des:13",
        "pace=cam:aes128:0",
        "pace=im:aes128:10",
        "bac=perhaps",
        "ca=aes128",
        "ca=aes128:13:round",
        "aa=rsa",
        "aa=rsa1000:sha1",
        "aa=secp256k1:sha1",
        "aa=secp256r1:md5",
        "signer=secp256r1:sha256:pss",
        "photo=gif:100",
        "photo=jpeg:many",
        "colour=red",
    ],
)
def test_other_words_are_none(word):
    with pytest.raises(VariantUnknown) as unknown:
        with_variants(CITIZEN, [word])
    assert unknown.value.word == word
