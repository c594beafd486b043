"""Who gets in: every route of every API against every kind of token, and what those refused are told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import pytest
import requests
from joserfc.jwk import RSAKey

from support import forgery
from support.people import Person, Tokens, person
from support.system import Api

Kind = Literal["id", "access"]
Answer = tuple[int, str | None]
"""A status, and the message where API Gateway alone words it."""


@dataclass(frozen=True)
class World:
    """What the tokens are made of."""

    reporter: Tokens
    other_client: Tokens
    other_pool: Tokens
    public_key: dict[str, Any]


def token_of(tokens: Tokens, kind: Kind) -> str:
    return tokens.id if kind == "id" else tokens.access


def the_other(kind: Kind) -> Kind:
    return "access" if kind == "id" else "id"


def by_a_stranger(token: str) -> str:
    return forgery.signed(token, RSAKey.generate_key(2048))


CREDENTIALS: dict[str, Callable[[World, Kind], str | None]] = {
    "nothing": lambda world, kind: None,
    "an empty header": lambda world, kind: "",
    "garbage": lambda world, kind: "garbage",
    "three parts of garbage": lambda world, kind: "a.b.c",
    "expired": lambda world, kind: forgery.expired(token_of(world.reporter, kind)),
    "not yet valid": lambda world, kind: forgery.not_yet_valid(token_of(world.reporter, kind)),
    "another client's": lambda world, kind: token_of(world.other_client, kind),
    "another pool's": lambda world, kind: token_of(world.other_pool, kind),
    "another issuer's": lambda world, kind: forgery.forged(
        token_of(world.reporter, kind), iss="https://issuer.example"
    ),
    "a stranger's signature": lambda world, kind: by_a_stranger(token_of(world.reporter, kind)),
    "tampered payload": lambda world, kind: forgery.tampered(token_of(world.reporter, kind)),
    "alg none": lambda world, kind: forgery.unsigned(token_of(world.reporter, kind)),
    "HS256 with the public key": lambda world, kind: forgery.signed_with_the_public_key(
        token_of(world.reporter, kind), world.public_key
    ),
    "the other kind": lambda world, kind: token_of(world.reporter, the_other(kind)),
    "no scope of ours": lambda world, kind: forgery.forged(
        token_of(world.reporter, kind), scope="aws.cognito.signin.user.admin"
    ),
    "right": lambda world, kind: token_of(world.reporter, kind),
    "right, with Bearer": lambda world, kind: f"Bearer {token_of(world.reporter, kind)}",
}
LET_IN: Answer = (0, None)
UNKNOWN = "The Authorization header holds no valid token"


@dataclass(frozen=True)
class Route:
    """A route, what it wants, and what it answers whom.

    Attributes:
        api: The output that names its API.
        call: Method and path.
        kind: The kind of token it wants, where it wants one.
        otherwise: Its answer to every token that `answers` does not name.
        answers: Its answer to some of the tokens.
        served: What it answers who is let in; a body of its own is a bad one, so that nothing is reported.
        challenge: What a refusal's `WWW-Authenticate` begins with.
    """

    api: str
    call: tuple[str, str]
    kind: Kind
    otherwise: Answer
    answers: dict[str, Answer]
    served: int
    challenge: str | None = None


REST, HTTP = "rest_api_url", "http_api_url"
RIGHT = {"right": LET_IN, "right, with Bearer": LET_IN}
FORBIDDEN: Answer = (403, "Forbidden")
# REST's Cognito authorizer wants an ID token of the pool, whichever client it was given to, and no scope.
ID_TOKEN = RIGHT | {"another client's": LET_IN, "no scope of ours": LET_IN}
# An HTTP API's JWT authorizer takes either kind of the audience's tokens; an ID token has no scope.
SCOPE = RIGHT | {"the other kind": FORBIDDEN, "no scope of ours": FORBIDDEN}
WITHOUT_A_BODY: dict[str, Answer] = {name: (status, None) for name, (status, _) in SCOPE.items()}
# A reporter's has not the scope to review.
NOT_A_REVIEWERS = dict.fromkeys(SCOPE, FORBIDDEN)

ROUTES = [
    Route(REST, ("GET", "/status"), "id", LET_IN, {}, 200),
    Route(REST, ("GET", "/dragons?limit=1"), "id", LET_IN, {}, 200),
    Route(REST, ("HEAD", "/dragons"), "id", LET_IN, {}, 200),
    Route(REST, ("GET", "/dragons/reports/unknown"), "id", LET_IN, {}, 404),
    Route(REST, ("OPTIONS", "/dragons"), "id", LET_IN, {}, 204),
    Route(REST, ("POST", "/dragons"), "id", (401, UNKNOWN), ID_TOKEN, 400),
    Route(REST, ("GET", "/partners/dragons"), "id", (401, UNKNOWN), {}, 200),
    Route(REST, ("GET", "/partners/dragons"), "access", (401, UNKNOWN), {}, 200),
    Route(HTTP, ("GET", "/dragons?limit=1"), "access", (401, "Unauthorized"), SCOPE, 200, "Bearer"),
    Route(HTTP, ("HEAD", "/dragons"), "access", (401, None), WITHOUT_A_BODY, 200, "Bearer"),
    Route(HTTP, ("GET", "/partners/status"), "access", (401, "Unauthorized"), SCOPE, 200, "Bearer"),
    Route(HTTP, ("POST", "/partners/orders"), "access", (401, "Unauthorized"), SCOPE, 200, "Bearer"),
    Route(HTTP, ("GET", "/dragons/journal"), "access", (401, "Unauthorized"), NOT_A_REVIEWERS, 200, "Bearer"),
    Route(HTTP, ("GET", "/reviews"), "access", (401, "Unauthorized"), NOT_A_REVIEWERS, 200, "Bearer"),
    Route(HTTP, ("POST", "/reviews/x"), "access", (401, "Unauthorized"), NOT_A_REVIEWERS, 200, "Bearer"),
    # A signature is all that it takes; a person's token is none, of either kind.
    Route(HTTP, ("GET", "/guest/dragons"), "id", FORBIDDEN, {}, 200),
    Route(HTTP, ("GET", "/guest/dragons"), "access", FORBIDDEN, {}, 200),
    Route(HTTP, ("HEAD", "/guest/dragons"), "access", (403, None), {}, 200),
    Route(HTTP, ("GET", "/nowhere"), "access", (404, "Not Found"), {}, 200),
    Route(HTTP, ("POST", "/dragons"), "access", (404, "Not Found"), {}, 200),
]


@pytest.fixture(scope="module")
def world(outputs: dict[str, Any], aws: Callable[[str], Any], reporter: Person) -> Iterator[World]:
    """The reporter, somebody of another client, and somebody of another pool."""
    cognito = aws("cognito-idp")
    jwks = requests.get(f"{outputs['user_pool_issuer']}/.well-known/jwks.json", timeout=30).json()
    pool_id = outputs["user_pool_id"]
    flows = {"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]}

    def new_client(pool_id: str) -> str:
        client = cognito.create_user_pool_client(UserPoolId=pool_id, ClientName="e2e-access", **flows)
        client_id: str = client["UserPoolClient"]["ClientId"]
        return client_id

    other_client = new_client(pool_id)
    other_pool = cognito.create_user_pool(PoolName="e2e-access", UsernameAttributes=["email"])["UserPool"][
        "Id"
    ]
    try:
        with (
            person(aws, outputs, client_id=other_client) as one,
            person(aws, outputs, pool_id=other_pool, client_id=new_client(other_pool)) as two,
        ):
            yield World(reporter.tokens, one.tokens, two.tokens, jwks["keys"][0])
    finally:
        cognito.delete_user_pool_client(UserPoolId=pool_id, ClientId=other_client)
        cognito.delete_user_pool(UserPoolId=other_pool)


@pytest.mark.parametrize("name", CREDENTIALS)
@pytest.mark.parametrize(
    "route", ROUTES, ids=lambda route: f"{route.api} {' '.join(route.call)} {route.kind}"
)
def test_a_route_lets_in_whom_it_should(
    request: pytest.FixtureRequest, outputs: dict[str, Any], world: World, route: Route, name: str
) -> None:
    if (route.api, route.call[1].split("/")[1]) == (HTTP, "partners"):
        request.getfixturevalue("partners_url")  # skips where there is none
    authorization = CREDENTIALS[name](world, route.kind)
    headers = {} if authorization is None else {"Authorization": authorization}
    method, path = route.call
    body: Any = {"dragonName": "Nameless"} if method == "POST" else None
    answer = requests.request(method, outputs[route.api] + path, json=body, headers=headers, timeout=60)
    status, message = route.answers.get(name, route.otherwise)
    assert answer.status_code == (status or route.served), answer.text
    if message is not None:
        assert answer.json() == (
            {"message": message} if route.api == HTTP else {"message": message, "errors": []}
        )
    if route.challenge and status in (401, 403):
        assert answer.headers["www-authenticate"].startswith(route.challenge)


def test_a_report_is_nobodys_without_a_token(api: Api, make_report: Callable[..., dict[str, Any]]) -> None:
    report = make_report()
    assert api.request("POST", "/dragons", json=report).status_code == 401
    assert api.listed(dragonName=report["dragonName"]) == []
