"""What a card may do wrong in mid-protocol. Each is one deliberate breach of ICAO 9303-11."""

from __future__ import annotations

from enum import StrEnum


class BasicAccessFault(StrEnum):
    """In the answer to EXTERNAL AUTHENTICATE."""

    WRONG_MAC = "wrong_mac"
    OTHER_NONCE = "other_nonce"  # not the one the reader sent
    SWAPPED_NONCES = "swapped_nonces"
    REFLECTED = "reflected"  # the reader's own token sent back
    SHORT = "short"
    EMPTY = "empty"


class PaceFault(StrEnum):
    """In the answers to GENERAL AUTHENTICATE."""

    NONCE_MISSING = "nonce_missing"
    NONCE_NOT_BLOCKS = "nonce_not_blocks"
    NONCE_OTHER = "nonce_other"  # not the one the card goes on with
    MAPPING_OFF_CURVE = "mapping_off_curve"
    MAPPING_NEUTRAL = "mapping_neutral"
    MAPPING_SHORT = "mapping_short"
    MAPPING_REFLECTED = "mapping_reflected"  # the reader's own value sent back
    KEY_OFF_CURVE = "key_off_curve"
    KEY_NEUTRAL = "key_neutral"
    KEY_SHORT = "key_short"
    KEY_COMPRESSED = "key_compressed"
    KEY_REFLECTED = "key_reflected"
    TOKEN_WRONG = "token_wrong"  # noqa: S105
    TOKEN_MISSING = "token_missing"  # noqa: S105
    TOKEN_REFLECTED = "token_reflected"  # noqa: S105
    ANSWER_EMPTY = "answer_empty"
    ANSWER_GARBAGE = "answer_garbage"
    CAM_WRONG = "cam_wrong"  # chip authentication data of another key
    CAM_MISSING = "cam_missing"
    CAM_NOT_BLOCKS = "cam_not_blocks"


class SessionFault(StrEnum):
    """In protected answers."""

    WRONG_MAC = "wrong_mac"
    MAC_MISSING = "mac_missing"
    MAC_SHORT = "mac_short"
    REPLAYED = "replayed"  # the answer before, once more
    PLAIN = "plain"  # data and status in the clear
    STALE_COUNTER = "stale_counter"
    STATUS_DIFFERS = "status_differs"  # protected and plain status disagree
    STATUS_MISSING = "status_missing"
    PADDING_WRONG = "padding_wrong"
    NOT_BLOCKS = "not_blocks"
    GARBAGE = "garbage"
    SESSION_LOST = "session_lost"  # 6988 in the clear


class ChipAuthenticationFault(StrEnum):
    REFUSED = "refused"  # 6A80
    GARBAGE = "garbage"  # an answer nobody can parse
    OLD_KEYS = "old_keys"  # agrees, and goes on with the old session


class ActiveAuthenticationFault(StrEnum):
    REFUSED = "refused"  # 6982
    EMPTY = "empty"
    SHORT = "short"
    ZERO = "zero"
    OTHER_CHALLENGE = "other_challenge"  # a good signature over what nobody asked
    REPLAYED = "replayed"  # the same signature for every challenge
    WRONG_TRAILER = "wrong_trailer"  # RSA: a trailer that names another hash
    GARBAGE = "garbage"
