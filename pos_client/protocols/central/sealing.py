"""What goes into a seal, byte for byte, for both ends; the sealing itself (HPKE, RFC 9180) is done at the edges.

HPKE base mode, X25519 / HKDF-SHA256 / ChaCha20-Poly1305. It takes no associated data, so the context stands in `info`:
a ciphertext lifted into another redemption, challenge, terminal or amount does not open. HPKE hides content but not
length, so a secret is padded to one block and an identifier to multiples of one, with random fill.

    secret block       length (1 byte) | digits in ASCII | fill to 16 bytes
    identifier block   length (2 bytes, big endian) | kind ':' text in UTF-8 | fill to a multiple of 64 bytes

An identifier's seal has no context beyond its purpose: it is made before the sale is known, must open for as long as
the queue lasts, and moving it to another sale gains nothing that typing the identifier there would not.
"""

from __future__ import annotations

from pos_client.protocols.central.errors import MalformedMessage

SECRET_BLOCK_BYTES = 16
IDENTIFIER_BLOCK_BYTES = 64
IDENTIFIER_INFO = b"plx-seal-identifier-v1"


def secret_info(redemption: str, challenge: str, terminal: str, points: int) -> bytes:
    """The context a PIN or code is bound to: what the customer saw on the keypad, and where."""
    return "|".join(("plx-seal-v1", redemption, challenge, terminal, str(points))).encode()


def pad_secret(digits: bytearray, fill: bytes) -> bytearray:
    """The block to seal, in a buffer of its own for the caller to wipe. `fill`: at least 16 random bytes."""
    if not 0 < len(digits) < SECRET_BLOCK_BYTES or len(fill) < SECRET_BLOCK_BYTES:
        raise ValueError("1..15 digits and 16 bytes of fill are needed")
    block = bytearray(SECRET_BLOCK_BYTES)
    block[0] = len(digits)
    block[1 : 1 + len(digits)] = digits
    block[1 + len(digits) :] = fill[: SECRET_BLOCK_BYTES - 1 - len(digits)]
    return block


def unpad_secret(block: bytes) -> bytes:
    """The digits in an opened block. Raises `MalformedMessage`."""
    if len(block) != SECRET_BLOCK_BYTES or not 0 < block[0] < SECRET_BLOCK_BYTES:
        raise MalformedMessage("secret block", "wrong length")
    digits = block[1 : 1 + block[0]]
    if not digits.isdigit():
        raise MalformedMessage("secret block", "digits are expected")
    return digits


def pad_identifier(kind: str, text: str, fill: bytes) -> bytes:
    """The block to seal. `fill`: at least 64 random bytes."""
    content = f"{kind}:{text}".encode()
    if len(content) > 0xFFFF or len(fill) < IDENTIFIER_BLOCK_BYTES:
        raise ValueError("an identifier is short, and 64 bytes of fill are needed")
    head = len(content).to_bytes(2, "big") + content
    return head + fill[: -len(head) % IDENTIFIER_BLOCK_BYTES]


def unpad_identifier(block: bytes) -> tuple[str, str]:
    """(kind, text) of an opened block. Raises `MalformedMessage`."""
    length = int.from_bytes(block[:2], "big")
    content = block[2 : 2 + length]
    if len(content) != length:
        raise MalformedMessage("identifier block", "wrong length")
    try:
        kind, colon, text = content.decode().partition(":")
    except UnicodeDecodeError as error:
        raise MalformedMessage("identifier block", "not UTF-8") from error
    if not colon or not kind or not text:
        raise MalformedMessage("identifier block", "a kind and a text are expected")
    return kind, text
