"""Opening without the binding's own checks gives what the binding gives, and never reads past an end."""

import nacl.bindings as sodium
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circlekeeper.foundation.vault import opening

KEY, NONCE = bytes(range(32)), bytes(range(24))


@given(plain=st.binary(max_size=300), aad=st.binary(max_size=40))
def test_it_opens_what_libsodium_sealed(plain, aad):
    box = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(plain, aad, NONCE, KEY)
    assert opening.decrypt(box, aad, NONCE, KEY) == plain


@pytest.mark.parametrize(("cut", "nonce", "key"), [(3, NONCE, KEY), (48, NONCE[1:], KEY), (48, NONCE, KEY[1:])])
def test_a_part_of_the_wrong_length_never_reaches_the_library(cut, nonce, key):
    box = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(bytes(32), b"", NONCE, KEY)
    with pytest.raises(ValueError, match="length"):
        opening.decrypt(box[:cut], b"", nonce, key)


def test_a_changed_box_does_not_open():
    box = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(b"someone", b"here", NONCE, KEY)
    with pytest.raises(ValueError, match="genuine"):
        opening.decrypt(box, b"elsewhere", NONCE, KEY)
