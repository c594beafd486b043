"""The server's half of SRP-6a as Cognito has it: a password is proved, and never sent.

Sources: RFC 5054, section 2 and appendix A (the group of 3,072 bits). No page of AWS says what is hashed, and
how numbers are padded; its own client does: `AuthenticationHelper` of amazon-cognito-identity-js.
"""

import hmac
import secrets
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

N = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
    "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F"
    "83655D23DCA3AD961C62F356208552BB9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF6955817183995497CEA956AE515D2261898FA0510"
    "15728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C"
    "BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)
G = 2


@dataclass(frozen=True)
class Exchange:
    """One sign-in; the password is the same in both steps, or nobody can sign.

    Attributes:
        identity: The pool's name (its id's part after `_`) and the user's, without anything between.
        salt: What the password is hashed with.
        client_public: `A`; ValueError if it is 0 or not below N, with which anybody would know the key.
        secret: `b`.
    """

    identity: str
    salt: int
    client_public: int
    secret: int = field(default_factory=lambda: secrets.randbits(256), repr=False)

    def __post_init__(self) -> None:
        if not 0 < self.client_public < N:
            raise ValueError

    def server_public(self, password: str) -> int:
        """`B`, which the client is told."""
        return (_number(_pad(N), _pad(G)) * self._verifier(password) + pow(G, self.secret, N)) % N

    def signature(self, password: str, secret_block: bytes, timestamp: str) -> bytes:
        """What whoever knows the password signs the block and the time with."""
        scrambler = _number(_pad(self.client_public), _pad(self.server_public(password)))
        base = self.client_public * pow(self._verifier(password), scrambler, N)
        shared = pow(base, self.secret, N)
        key = HKDF(SHA256(), 16, _pad(scrambler), b"Caldera Derived Key").derive(_pad(shared))
        return hmac.digest(key, self.identity.encode() + secret_block + timestamp.encode(), "sha256")

    def _verifier(self, password: str) -> int:
        inner = sha256(f"{self.identity}:{password}".encode()).digest()
        return pow(G, _number(_pad(self.salt), inner), N)


def _number(*parts: bytes) -> int:
    return int.from_bytes(sha256(b"".join(parts)).digest())


def _pad(number: int) -> bytes:
    """The number's bytes, the first bit never set: Java's `BigInteger.toByteArray`."""
    return number.to_bytes(number.bit_length() // 8 + 1)
