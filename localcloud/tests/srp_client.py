"""The client's half of a sign-in by SRP, as pycognito has it: it shares nothing with the server."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pycognito.aws_srp import AWSSRP, N_HEX

N = int(N_HEX, 16)


@dataclass
class SrpClient:
    """One sign-in of somebody who types a password."""

    password: str
    secret: int = field(default_factory=lambda: _made("", "").small_a_value)

    @property
    def public(self) -> str:
        """`SRP_A`."""
        return f"{pow(2, self.secret, N):x}"

    def answer(self, pool_id: str, challenge: Mapping[str, str]) -> dict[str, str]:
        """The `ChallengeResponses` for the `ChallengeParameters`."""
        client = _made(self.password, pool_id)
        client.small_a_value = self.secret
        client.large_a_value = client.calculate_a()
        answers: dict[str, str] = client.process_challenge(challenge, {"USERNAME": challenge["USERNAME"]})
        return answers


def _made(password: str, pool_id: str) -> AWSSRP:
    return AWSSRP("", password, pool_id, "", client="none: nothing is sent")
