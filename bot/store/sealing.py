"""Sealing: what is stored can be read, and linked to a chat, only with the bot's token.

The keys are derived from the token, which is never in the database. So all workers have them, and there is no other
secret to keep. With a new token stored cases can no longer be read; they would expire within hours anyway.
"""

from __future__ import annotations

import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12  # bytes, drawn at random for every sealing


def derived(token: str, purpose: str) -> bytes:
    """A key of 32 bytes, derived from the bot's token for one purpose. It says nothing about the key for another."""
    return HKDF(SHA256(), 32, salt=None, info=f"nen-lm {purpose}".encode()).derive(token.encode())


class Seal:
    """AES-256-GCM for what is stored, and keyed hashes for its names."""

    def __init__(self, token: str) -> None:
        self._cipher = AESGCM(derived(token, "sessions"))
        self._naming = derived(token, "names")

    def name(self, kind: str, value: object) -> bytes:
        """The name of a chat or a file in the database: a keyed hash of 16 bytes."""
        return hashlib.blake2b(f"{kind} {value}".encode(), key=self._naming, digest_size=16).digest()

    def seal(self, name: bytes, text: str) -> bytes:
        """Seal the text for the row of that name; it cannot be opened for another."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, text.encode(), name)

    def open(self, name: bytes, sealed: bytes) -> str:
        """The sealed text. Raises ValueError when it was not sealed for this row with this token."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], name).decode()
        except InvalidTag:
            raise ValueError("not sealed for this row") from None
