"""Sign-in by SRP, which most clients do unless told otherwise: the challenge PASSWORD_VERIFIER.

Sources: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_RespondToAuthChallenge.html
and https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html (unknown
users have the same salt and id each time); RFC 5054, section 2 and appendix A (the group of 3,072 bits). What
is hashed, and how numbers are padded, AWS's own client says: `AuthenticationHelper` of
amazon-cognito-identity-js. Moto keeps passwords, and no verifiers. Left out: devices.
"""

import base64
import hmac
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from moto.cognitoidp.models import CognitoIdpUser

from localcloud.cognito_idp.authentication import CHALLENGE_SECONDS, App, run_pre_authentication
from localcloud.cognito_idp.errors import invalid_parameter, not_authorized
from localcloud.cognito_idp.expiring import Expiring
from localcloud.cognito_idp.passwords import admit, find_known
from localcloud.cognito_idp.users import find_user

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
NAME = "PASSWORD_VERIFIER"
_SALTS = secrets.token_bytes(32)


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
        """The signature of the block and the time, for which the password is needed."""
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


_waiting: Expiring[tuple[str, str, Exchange]] = Expiring(CHALLENGE_SECONDS)  # the client, the username


def ask(app: App, username: str, srp_a: str) -> dict[str, str]:
    """The `ChallengeParameters` that ask for a proof of the password; nobody can prove an unknown user's.

    Raises:
        CognitoError: InvalidParameterException, UserNotFoundException, or the trigger refuses.
    """
    user = find_known(app.pool, app.client, username)
    if user:
        run_pre_authentication(app, user)
    who = f"{app.pool.id}/{user.id if user else username.casefold()}"
    drawn = hmac.digest(_SALTS, who.encode(), "sha256")
    by_address = app.pool.extended_config.get("UsernameAttributes")
    unknown = str(uuid.UUID(bytes=drawn[16:], version=4)) if by_address else username
    name = user.username if user else unknown
    try:
        identity = app.pool.id.partition("_")[2] + name
        exchange = Exchange(identity, int.from_bytes(drawn[:16]), int(srp_a, 16))
    except ValueError:
        raise invalid_parameter("SRP_A is not valid") from None
    block = _waiting.keep((app.client.id, username, exchange)).encode()
    return {
        "SALT": f"{exchange.salt:x}",
        "SECRET_BLOCK": base64.b64encode(block).decode(),
        "SRP_B": f"{exchange.server_public(_password(user)):x}",
        "USERNAME": name,
        "USER_ID_FOR_SRP": name,
    }


def check(app: App, responses: Mapping[str, str]) -> CognitoIdpUser:
    """Let a user in who has proved the password; a challenge is used once.

    Raises:
        CognitoError: InvalidParameterException; see `passwords.admit`.
    """
    try:
        block = base64.b64decode(responses["PASSWORD_CLAIM_SECRET_BLOCK"], validate=True)
        signature = base64.b64decode(responses["PASSWORD_CLAIM_SIGNATURE"], validate=True)
        timestamp = responses["TIMESTAMP"]
    except (KeyError, ValueError):
        raise invalid_parameter(f"A response to {NAME} is missing or malformed") from None
    client_id, username, exchange = _waiting.take(block.decode("latin-1")) or ("", "", None)
    if exchange is None or client_id != app.client.id:
        raise not_authorized()
    user = find_user(app.pool, username)
    expected = exchange.signature(_password(user), block, timestamp)
    return admit(app.pool, username, user, proved=hmac.compare_digest(expected, signature))


def _password(user: CognitoIdpUser | None) -> str:
    return user.password if user and user.password is not None else secrets.token_urlsafe()
