"""The client's half of SRP-6a (RFC 5054, section 2.6) as Cognito's clients speak it, and a sign-in by it."""

import base64
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

# RFC 5054, appendix A, the group of 3,072 bits: 2^3072 - 2^3008 - 1 + 2^64 * (floor(2^2942 * pi) + 1690314)
# without its digits, so that this client shares no constant with the server.
_UNIT = 1 << 2942


def _arctan_of_inverse(divisor: int, unit: int) -> int:
    total = term = unit // divisor
    number, sign = 3, -1
    while term:
        term //= divisor * divisor
        total += sign * (term // number)
        number, sign = number + 2, -sign
    return total


def _pi_in_bits() -> int:
    """`floor(2^2942 * pi)` by Machin's formula."""
    guard = _UNIT << 64
    return (4 * (4 * _arctan_of_inverse(5, guard) - _arctan_of_inverse(239, guard))) >> 64


N = 2**3072 - 2**3008 - 1 + 2**64 * (_pi_in_bits() + 1690314)
G = 2


def _hash(*parts: bytes) -> int:
    return int(sha256(b"".join(parts)).hexdigest(), 16)


def _padded(number: int) -> bytes:
    """As Java's `BigInteger` gives it: an even count of digits, and none of 8 to F for the first."""
    digits = f"{number:x}"
    digits = digits.zfill(len(digits) + len(digits) % 2)
    return bytes.fromhex(f"00{digits}" if digits[0] in "89abcdef" else digits)


@dataclass
class SrpClient:
    """One sign-in of somebody who types a password."""

    password: str
    secret: int = field(default_factory=lambda: secrets.randbits(1024))

    @property
    def public(self) -> str:
        """`SRP_A`."""
        return f"{pow(G, self.secret, N):x}"

    def answer(self, pool_id: str, challenge: Mapping[str, str]) -> dict[str, str]:
        """The `ChallengeResponses` for the `ChallengeParameters`."""
        block = base64.standard_b64decode(challenge["SECRET_BLOCK"])
        salt, server = int(challenge["SALT"], 16), int(challenge["SRP_B"], 16)
        identity = pool_id.split("_")[1] + challenge["USER_ID_FOR_SRP"]
        private = _hash(_padded(salt), sha256(f"{identity}:{self.password}".encode()).digest())
        scrambler = _hash(_padded(pow(G, self.secret, N)), _padded(server))
        multiplier = _hash(_padded(N), _padded(G))
        base = server - multiplier * pow(G, private, N)
        shared = pow(base, self.secret + scrambler * private, N)
        extracted = hmac.digest(_padded(scrambler), _padded(shared), "sha256")
        key = hmac.digest(extracted, b"Caldera Derived Key\x01", "sha256")[:16]
        now = datetime.now(UTC)
        timestamp = f"{now:%a %b} {now.day} {now:%H:%M:%S} UTC {now.year}"
        signed = hmac.digest(key, identity.encode() + block + timestamp.encode(), "sha256")
        return {
            "USERNAME": challenge["USERNAME"],
            "PASSWORD_CLAIM_SECRET_BLOCK": challenge["SECRET_BLOCK"],
            "PASSWORD_CLAIM_SIGNATURE": base64.standard_b64encode(signed).decode(),
            "TIMESTAMP": timestamp,
        }


def sign_in(cognito: Any, pool_id: str, client_id: str, username: str, password: str) -> dict[str, Any]:
    """Sign in by SRP with a boto3 client: what RespondToAuthChallenge answers."""
    client = SrpClient(password)
    asked = cognito.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_SRP_AUTH",
        AuthParameters={"USERNAME": username, "SRP_A": client.public},
    )
    answered: dict[str, Any] = cognito.respond_to_auth_challenge(
        ClientId=client_id,
        ChallengeName=asked["ChallengeName"],
        ChallengeResponses=client.answer(pool_id, asked["ChallengeParameters"]),
    )
    return answered
