"""The primitives give the answers that others published for them (known-answer tests).

Files of the package ``cryptography_vectors`` name their own sources; what it lacks is written down here with its source.
"""

import hashlib
from collections.abc import Iterator

import cryptography_vectors
import nacl.bindings as sodium
import pytest
from nacl.signing import SigningKey

from circlekeeper.foundation.vault import kdf

# draft-irtf-cfrg-xchacha-03, appendix A.3.1
X_PLAIN = (
    b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
    b"sunscreen would be it."
)
X_AAD = bytes.fromhex("50515253c0c1c2c3c4c5c6c7")
X_KEY = bytes(range(0x80, 0xA0))
X_NONCE = bytes(range(0x40, 0x58))
X_BOX = bytes.fromhex(
    "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39"
    "ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
    "21f9664c97637da9768812f615c68b13b52e"
    "c0875924c1c7987947deafd8780acf49"
)

# BLAKE2 reference code, testvectors/blake2b-kat.txt: key 00..3f, message 00.. of this length
KEYED_BLAKE2B = {
    0: "10ebb67700b1868efb4417987acf4690ae9d972fb7a590c2f02871799aaa4786"
    "b5e996e8f0f4eb981fc214b005f42d2ff4233499391653df7aefcbc13fc51568",
    1: "961f6dd1e4dd30f63901690c512e78e4b45e4742ed197c3c5e45c549fd25f2e4"
    "187b0bc9fe30492b16b0d0bc4ef9b0f34c7003fac09a5ef1532e69430234cebd",
}


def cases(name: str) -> Iterator[dict[str, str]]:
    """The blocks of a ``name = value`` file."""
    found: dict[str, str] = {}
    with cryptography_vectors.open_vector_file(name, "r") as file:
        for line in [*file, ""]:
            key, sign, value = line.strip().partition("=")
            if sign and not line.startswith("#"):
                found[key.strip()] = value.strip()
            elif not line.strip() and found:
                yield found
                found = {}


def test_xchacha20_poly1305():
    assert sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(X_PLAIN, X_AAD, X_NONCE, X_KEY) == X_BOX
    assert sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(X_BOX, X_AAD, X_NONCE, X_KEY) == X_PLAIN


def test_x25519():
    checked = 0
    for case in cases("asymmetric/X25519/rfc7748.txt"):
        scalar, point = bytes.fromhex(case["INPUT_SCALAR"]), bytes.fromhex(case["INPUT_U"])
        assert sodium.crypto_scalarmult(scalar, point).hex() == case["OUTPUT_U"]
        checked += 1
    assert checked == 3


def test_ed25519():
    checked = 0
    with cryptography_vectors.open_vector_file("asymmetric/Ed25519/sign.input", "r") as file:
        for line in file:
            secret, public, message, signed, _end = (bytes.fromhex(part) for part in line.strip().split(":"))
            key = SigningKey(secret[:32])
            assert bytes(key.verify_key) == public
            assert bytes(key.sign(message)) == signed
            assert key.verify_key.verify(signed) == message
            checked += 1
    assert checked == 1024


def test_argon2id_through_our_own_door():
    checked = 0
    for case in cases("KDF/argon2id.txt"):
        salt = bytes.fromhex(case["salt"])
        if case.get("secret") or case.get("ad") or case["length"] != "32" or len(salt) != kdf.SALT_BYTES:
            continue  # we use neither a secret nor associated data
        cost = kdf.Cost(int(case["memcost"]), int(case["iter"]), int(case["lanes"]))
        password = bytes.fromhex(case["pass"]).decode()
        assert kdf.root_from_password(password, salt, cost).hex() == case["output"]
        checked += 1
    assert checked >= 2


def test_blake2b():
    checked = 0
    for case in cases("hashes/blake2/blake2b.txt"):
        message = bytes.fromhex(case["Msg"])[: int(case["Len"]) // 8]
        assert hashlib.blake2b(message).hexdigest() == case["MD"]
        checked += 1
    assert checked >= 5


@pytest.mark.parametrize("length", KEYED_BLAKE2B)
def test_keyed_blake2b(length):
    found = hashlib.blake2b(bytes(range(length)), key=bytes(range(64))).hexdigest()

    assert found == KEYED_BLAKE2B[length]
