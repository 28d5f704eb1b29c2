"""Sealing: what is stored can be read, and led back to a chat, only by who has the bot's token.

The keys are derived from the token, which is never in the database; so all workers have them, and there is no
further secret to keep. With another token a stored case can no longer be read; it lives for hours anyway.
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
    """32 bytes made from the bot's token for one purpose; from one the other cannot be told."""
    return HKDF(SHA256(), 32, salt=None, info=f"nen-lm {purpose}".encode()).derive(token.encode())


class Seal:
    """AES-256-GCM for what is stored, and keyed hashes for the names under which it is."""

    def __init__(self, token: str) -> None:
        self._cipher = AESGCM(derived(token, "sessions"))
        self._naming = derived(token, "names")

    def name(self, kind: str, value: object) -> bytes:
        """The name of a chat or a file in the database, 16 bytes: the same for the same, and no way back."""
        return hashlib.blake2b(f"{kind} {value}".encode(), key=self._naming, digest_size=16).digest()

    def seal(self, name: bytes, text: str) -> bytes:
        """Seal text for the row of that name; elsewhere it does not open."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, text.encode(), name)

    def open(self, name: bytes, sealed: bytes) -> str:
        """The text again. Raises ValueError when it was not sealed for this row with this token."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], name).decode()
        except InvalidTag:
            raise ValueError("not sealed for this row") from None
