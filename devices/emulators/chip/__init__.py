"""An emulated chip of a Vietnamese citizen card: an issuer with its own country signer, made-up citizens, and the card.

The card's side of every protocol is written from ICAO Doc 9303-10 and -11, apart from the reader in `devices.chip`:
both meet only in the standard, the groups, the ciphers and the key derivation.
"""
