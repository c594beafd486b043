"""The verifier of tokens: what it accepts, and that nothing else passes or escapes as another error."""

import base64
import json
import string
import time
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws, jwt
from joserfc.jwk import OctKey, RSAKey

from localcloud.tokens.discovery import IssuerUnavailableError
from localcloud.tokens.keys import KeySource
from localcloud.tokens.verifier import MAX_LENGTH, InvalidTokenError, Reason, Verifier

NOW = 1_700_000_000
ISSUER = "https://issuer.test/pool"
OTHER = "https://issuer.test/other"
KEY = RSAKey.generate_key(2048, {"kid": "one"})
OTHERS_KEY = RSAKey.generate_key(2048, {"kid": "two"})
PUBLIC = {ISSUER: {"one": KEY}, OTHER: {"two": OTHERS_KEY}}
CLAIMS: dict[str, Any] = {"iss": ISSUER, "sub": "me", "iat": NOW - 60, "exp": NOW + 60}
ALPHABET = string.ascii_letters + string.digits + "-_"

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def keys_of(issuer: str) -> Mapping[str, RSAKey]:
    if issuer not in PUBLIC:
        raise IssuerUnavailableError("unknown")
    return PUBLIC[issuer]


verifier = Verifier(KeySource(keys_of), clock=lambda: NOW)


def signed(header: Mapping[str, Any] | None = None, key: RSAKey = KEY, **claims: Any) -> str:
    header = {"alg": "RS256", "kid": "one"} | dict(header or {})
    registry = jws.JWSRegistry(algorithms=["RS256", "RS384", "RS512", "PS256"], strict_check_header=False)
    return jws.serialize_compact(dict(header), json.dumps(CLAIMS | claims), key, registry=registry)


def encoded(value: bytes | str) -> str:
    raw = value.encode() if isinstance(value, str) else value
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def refusal(token: str, *issuers: str) -> Reason:
    with pytest.raises(InvalidTokenError) as caught:
        verifier.verify(token, *(issuers or (ISSUER,)))
    assert str(caught.value) == f"invalid token: {caught.value.reason.value}"
    return caught.value.reason


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512"])
def test_the_issuers_token_passes(algorithm: str) -> None:
    assert verifier.verify(signed({"alg": algorithm}), ISSUER) == CLAIMS


def test_any_of_several_issuers_may_have_signed_but_each_with_its_own_key() -> None:
    theirs = signed({"kid": "two"}, OTHERS_KEY, iss=OTHER)

    assert verifier.verify(theirs, ISSUER, OTHER)["iss"] == OTHER
    assert refusal(theirs, ISSUER) is Reason.ISSUER
    assert refusal(signed({"kid": "two"}, OTHERS_KEY), ISSUER, OTHER) is Reason.KEY
    assert refusal(signed(key=OTHERS_KEY), ISSUER, OTHER) is Reason.SIGNATURE


@pytest.mark.parametrize("issuer", [ISSUER + "/", ISSUER[:-1], ISSUER.upper(), "", None, 1, [ISSUER]])
def test_the_issuer_is_compared_character_for_character(issuer: Any) -> None:
    assert refusal(signed(iss=issuer)) is Reason.ISSUER


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"exp": NOW}, Reason.EXPIRED),
        ({"exp": NOW - 1, "nbf": NOW + 60}, Reason.EXPIRED),
        ({"nbf": NOW + 1}, Reason.NOT_YET_VALID),
        ({"iat": NOW + 1}, Reason.NOT_YET_VALID),
        ({"exp": str(NOW + 60)}, Reason.MALFORMED),
        ({"exp": True}, Reason.MALFORMED),
        ({"exp": None}, Reason.MALFORMED),
        ({"nbf": [NOW]}, Reason.MALFORMED),
        ({"iat": {}}, Reason.MALFORMED),
    ],
)
def test_times(claims: dict[str, Any], reason: Reason) -> None:
    assert refusal(signed(**claims)) is reason


def test_a_token_has_an_end() -> None:
    endless = {name: value for name, value in CLAIMS.items() if name != "exp"}
    assert refusal(jwt.encode({"alg": "RS256", "kid": "one"}, endless, KEY)) is Reason.MALFORMED


def test_times_may_be_fractions_and_now() -> None:
    assert verifier.verify(signed(nbf=NOW, iat=NOW, exp=NOW + 0.5), ISSUER)["nbf"] == NOW


@pytest.mark.parametrize(
    "name", ["none", "None", "NONE", "nOnE", "HS256", "PS256", "ES256", "rs256", "", None]
)
def test_other_algorithms(name: Any) -> None:
    header, claims = encoded(json.dumps({"alg": name, "kid": "one"})), encoded(json.dumps(CLAIMS))

    assert refusal(f"{header}.{claims}.{encoded(b'x' * 256)}") is Reason.ALGORITHM
    assert refusal(f"{header}.{claims}.") is Reason.MALFORMED


def test_a_strong_signature_of_another_kind_is_refused() -> None:
    assert refusal(signed({"alg": "PS256"})) is Reason.ALGORITHM


@pytest.mark.parametrize(
    "secret",
    [KEY.as_pem(private=False), json.dumps(KEY.as_dict(private=False)).encode(), b"n" * 32],
    ids=["PEM", "JWK", "another"],
)
def test_the_public_key_is_no_secret(secret: bytes) -> None:
    header = {"alg": "HS256", "kid": "one"}
    token = jws.serialize_compact(header, json.dumps(CLAIMS), OctKey.import_key(secret), ["HS256"])

    assert refusal(token) is Reason.ALGORITHM
    relabelled = encoded(json.dumps({"alg": "RS256", "kid": "one"})) + token[token.index(".") :]
    assert refusal(relabelled) is Reason.SIGNATURE


@pytest.mark.parametrize("kid", ["two", "", "../one", "one\x00"])
def test_a_key_that_the_issuer_does_not_have(kid: str) -> None:
    assert refusal(signed({"kid": kid})) is Reason.KEY


@pytest.mark.parametrize("kid", [None, 1, ["one"]])
def test_a_token_names_its_key(kid: Any) -> None:
    header, rest = encoded(json.dumps({"alg": "RS256", "kid": kid})), signed().partition(".")[2]
    assert refusal(f"{header}.{rest}") is Reason.KEY


def test_keys_and_addresses_in_the_header_are_not_used() -> None:
    header = {
        "jwk": OTHERS_KEY.as_dict(private=False),
        "jku": "http://127.0.0.1:1/jwks.json",
        "x5u": "http://127.0.0.1:1/certificate",
    }
    assert verifier.verify(signed(header), ISSUER) == CLAIMS
    assert refusal(signed(header, OTHERS_KEY)) is Reason.SIGNATURE


@pytest.mark.parametrize("crit", [["b64"], ["exp"], [], "b64"])
def test_no_extension_is_understood(crit: Any) -> None:
    header = encoded(json.dumps({"alg": "RS256", "kid": "one", "b64": False, "crit": crit}))
    assert refusal(f"{header}.{signed().partition('.')[2]}") is Reason.MALFORMED


DEEP = "[" * 2000 + "]" * 2000
MALFORMED: list[Callable[[list[str]], str]] = [
    lambda parts: "",
    lambda parts: ".".join(parts[:2]),
    lambda parts: ".".join([*parts, parts[2]]),
    lambda parts: ".".join(parts) + "=",
    lambda parts: " " + ".".join(parts),
    lambda parts: ".".join(parts) + "\n",
    lambda parts: "Bearer " + ".".join(parts),
    lambda parts: ".".join([parts[0], "", parts[2]]),
    lambda parts: ".".join([parts[0], parts[1], ""]),
    lambda parts: ".".join([parts[0], encoded(json.dumps(CLAIMS)[:-1] + ', "sub": "you"}'), parts[2]]),
    lambda parts: ".".join([encoded('{"alg":"none","alg":"RS256","kid":"one"}'), *parts[1:]]),
    lambda parts: ".".join([encoded(json.dumps({"alg": "RS256"}).encode("utf-16")), *parts[1:]]),
    lambda parts: ".".join([encoded("[]"), *parts[1:]]),
    lambda parts: ".".join([parts[0], encoded("null"), parts[2]]),
    lambda parts: ".".join([parts[0], encoded(DEEP), parts[2]]),
    lambda parts: ".".join([parts[0], encoded('{"exp": NaN}'), parts[2]]),
    lambda parts: ".".join([parts[0], encoded(b"\xff"), parts[2]]),
    lambda parts: ".".join([*parts[:2], "x" * MAX_LENGTH]),
]


@pytest.mark.parametrize("spoil", MALFORMED)
def test_malformed_tokens(spoil: Callable[[list[str]], str]) -> None:
    assert refusal(spoil(signed().split("."))) is Reason.MALFORMED


VALID = signed()


def test_no_character_can_be_changed() -> None:
    """Not even in the unused bits at the end of a segment."""
    for position, character in enumerate(VALID):
        place = ALPHABET.find(character)
        last = VALID[position + 1 : position + 2] in ("", ".")
        others = set(ALPHABET if last else (ALPHABET[place - 1], ALPHABET[place ^ 1], ".")) - {character}
        for each in others:
            refusal(VALID[:position] + each + VALID[position + 1 :])


@given(st.text() | st.text(ALPHABET + ".=+/ ", max_size=200))
def test_any_text_is_refused(text: str) -> None:
    refusal(text)


@given(st.dictionaries(st.sampled_from(["alg", "kid", "typ", "jwk", "x5c", "b64", "cty"]), json_values))
def test_any_header_is_refused_with_another_ones_signature(header: dict[str, Any]) -> None:
    text = json.dumps({"alg": "RS256", "kid": "one"} | header | {"extra": 1})
    refusal(f"{encoded(text)}.{VALID.partition('.')[2]}")


@given(st.dictionaries(st.sampled_from(["iss", "exp", "nbf", "iat", "sub"]), json_values))
def test_signed_claims_of_any_type_pass_or_are_refused(claims: dict[str, Any]) -> None:
    token = signed(**claims)
    try:
        assert verifier.verify(token, ISSUER) == json.loads(json.dumps(CLAIMS | claims))
    except InvalidTokenError:
        assert claims


def test_without_a_clock_of_ones_own_it_is_now() -> None:
    real = Verifier(KeySource(keys_of))
    assert real.verify(signed(exp=int(time.time()) + 60), ISSUER)
    with pytest.raises(InvalidTokenError):
        real.verify(VALID, ISSUER)
