"""XChaCha20-Poly1305 decryption straight from libsodium.

``nacl.bindings`` spends more time on wording errors it never raises than libsodium on opening a small record, and a list
of a hundred thousand people is three hundred thousand of them. The checks that keep memory safe are made here.
"""

import nacl.bindings as sodium
from nacl._sodium import ffi, lib  # type: ignore[import-not-found]

KEY_BYTES: int = sodium.crypto_aead_xchacha20poly1305_ietf_KEYBYTES
NONCE_BYTES: int = sodium.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
TAG_BYTES: int = sodium.crypto_aead_xchacha20poly1305_ietf_ABYTES

_decrypt = lib.crypto_aead_xchacha20poly1305_ietf_decrypt
_NULL = ffi.NULL
_room = ffi.new_allocator(should_clear_after_alloc=False)


def decrypt(box: bytes, aad: bytes, nonce: bytes, key: bytes) -> bytes:
    """What was sealed in ``box`` (cipher text and tag).

    :raises ValueError: a part has the wrong length, or the box is not genuine.
    """
    length = len(box) - TAG_BYTES
    if length < 0 or len(nonce) != NONCE_BYTES or len(key) != KEY_BYTES:
        raise ValueError("a part has the wrong length")
    plain = _room("unsigned char[]", length)
    if _decrypt(plain, _NULL, _NULL, box, len(box), aad, len(aad), nonce, key):
        raise ValueError("not genuine")
    return bytes(ffi.buffer(plain, length))
