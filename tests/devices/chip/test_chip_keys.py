"""The worked examples of ICAO 9303-11, appendix D, for what is derived before the first APDU."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from devices.chip.ciphers import AES_128, AES_192, AES_256, TRIPLE_DES, equal, pad, unpad
from devices.chip.errors import MalformedData
from devices.chip.keys import CanKey, KeyUse, MrzKey, derive_key
from devices.chip.mrz import check_digit

KEY = MrzKey(document_number="L898902C", birth="690806", expiry="940623")


def test_mrz_information_of_the_worked_example():
    assert KEY.mrz_information == b"L898902C<369080619406236"
    assert KEY.password[:16].hex() == "239ab9cb282daf66231dc5a4df6bfbae"


def test_basic_access_keys_of_the_worked_example():
    keys = KEY.basic_access_keys
    assert keys.encryption.hex() == "ab94fdecf2674fdfb9b391f85d7f76f2"
    assert keys.mac.hex() == "7962d9ece03d1acd4c76089dce131543"


def test_retail_mac_of_the_worked_example():
    # 9303-11, D.3: M_IFD over E_IFD
    e_ifd = bytes.fromhex("72c29c2371cc9bdb65b779b8e8d37b29ecc154aa56a8799fae2f498f76ed92f2")
    assert TRIPLE_DES.mac(KEY.basic_access_keys.mac, pad(e_ifd, 8)).hex() == "5f1448eea8ad90a7"


def test_cmac_of_nist_sp_800_38b():
    key = bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c")
    message = bytes.fromhex("6bc1bee22e409f96e93d7e117393172a")
    assert AES_128.mac(key, message).hex() == "070a16b46b4d4144"


@pytest.mark.parametrize("suite", [TRIPLE_DES, AES_128, AES_192, AES_256])
@given(data=st.binary(max_size=100), secret=st.binary(min_size=1, max_size=66))
def test_what_is_encrypted_is_decrypted(suite, data, secret):
    key = derive_key(secret, KeyUse.ENCRYPTION, suite)
    assert len(key) == suite.key_size
    assert unpad(suite.decrypt(key, suite.encrypt(key, pad(data, suite.block_size)))) == data


@given(st.binary(min_size=1, max_size=66))
def test_triple_des_keys_have_odd_parity(secret):
    key = derive_key(secret, KeyUse.MAC, TRIPLE_DES)
    assert all(byte.bit_count() % 2 for byte in key)


def test_keys_do_not_show_themselves():
    can = CanKey(digits="123456")
    assert "123456" not in repr(can)
    assert "L898902C" not in repr(KEY)
    assert KEY.basic_access_keys.mac.hex() not in repr(KEY.basic_access_keys)


def test_broken_padding_and_blocks_are_refused():
    for data in (b"", b"\x00" * 8, b"\x01"):
        with pytest.raises(MalformedData):
            unpad(data)
    with pytest.raises(MalformedData):
        AES_128.decrypt(bytes(16), b"123")


@pytest.mark.parametrize(("field", "digit"), [("520727", "3"), ("AB2134<<<", "5"), ("D23145890", "7")])
def test_check_digits_of_the_standard(field, digit):
    assert check_digit(field) == digit


def test_comparison_of_secrets():
    assert equal(b"ab", b"ab")
    assert not equal(b"ab", b"ac")
