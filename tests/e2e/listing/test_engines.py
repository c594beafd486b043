"""The deployed list_dragons with another engine: the same answers as those that callers get, page by page."""

import json
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import pytest

from dragons.fields import RECORD_NAMES
from samples.load import samples
from support.strategies import HOSTILE_TEXTS
from support.system import Api, poll
from tasks.code.deployed import fetch

FILTERS = {name: record for name, record in RECORD_NAMES.items() if name != "description"}

CITIES = [
    *({"S": text} for text in [*HOSTILE_TEXTS, "", "O'Brien", "7", "7.5", "true", "null", "'", "''", '"']),
    {"N": "7"},
    {"N": "7.5"},
    {"BOOL": True},
    {"NULL": True},
    {"L": [{"S": "O'Brien"}, {"N": "7"}]},
]
"""Of one dragon each: values that differ in their types alone, or in a character that SQL or XML reads."""


@dataclass(frozen=True)
class Answer:
    """A page, or a refusal; the same as another whatever their tokens, which tell when they were made.

    Attributes:
        status: 200, or another.
        dragons: The page's.
        more: Whether there is a token.
        token: What to ask with for the next page.
    """

    status: int
    dragons: list[dict[str, Any]]
    more: bool
    token: dict[str, str] = field(compare=False)

    @classmethod
    def of(cls, status: int, body: dict[str, Any]) -> "Answer":
        """Read an answer's body."""
        token = {name: body[name] for name in body if name == "nextToken"}
        return cls(status, body.get("dragons", []), bool(token), token)


NOTHING = Answer(200, [], more=False, token={})


class Engine:
    """A copy of list_dragons that reads with this engine, invoked as the REST API does.

    Args:
        client: A client of Lambda.
        function: The copy's name.
    """

    def __init__(self, client: Any, function: str) -> None:
        self._client = client
        self._function = function

    def get(self, **query: str) -> Answer:
        """Send a query."""
        event = {
            "httpMethod": "GET",
            "path": "/dragons",
            "headers": {},
            "queryStringParameters": query or None,
            "multiValueQueryStringParameters": {name: [text] for name, text in query.items()} or None,
        }
        invoked = self._client.invoke(FunctionName=self._function, Payload=json.dumps(event))
        answer = json.loads(invoked["Payload"].read())
        assert "FunctionError" not in invoked, answer
        return Answer.of(answer["statusCode"], json.loads(answer["body"]))


@pytest.fixture(scope="module", params=["s3_select", "athena"])
def engine(
    request: pytest.FixtureRequest, outputs: dict[str, Any], aws: Callable[[str], Any]
) -> Iterator[Engine]:
    """The copy; it and the parameter that names its engine go in the end."""
    if "DRAGONS_CLOUD_LOG" not in os.environ:
        pytest.skip("the target is no local cloud of ours: the function may read no parameter but its own")
    client, ssm = aws("lambda"), aws("ssm")
    deployed = client.get_function(FunctionName=outputs["functions"]["list_dragons"])
    taken = ("Runtime", "Role", "Handler", "MemorySize", "Timeout", "Architectures")
    name = f"e2e-{uuid.uuid4()}"
    with ExitStack() as gone:
        variables = deployed["Configuration"]["Environment"]["Variables"]
        if request.param == "athena" and not variables["ATHENA_WORKGROUP"]:
            pytest.skip("the environment has no tables of Athena")
        parameter = f"{variables['QUERY_ENGINE_PARAMETER']}-of-{name}"
        ssm.put_parameter(Name=parameter, Value=request.param, Type="String")
        gone.callback(ssm.delete_parameter, Name=parameter)
        client.create_function(
            FunctionName=name,
            Code={"ZipFile": fetch(deployed["Code"]["Location"])},
            Layers=[each["Arn"] for each in deployed["Configuration"]["Layers"]],
            Environment={"Variables": variables | {"QUERY_ENGINE_PARAMETER": parameter}},
            **{each: deployed["Configuration"][each] for each in taken},
        )
        gone.callback(client.delete_function, FunctionName=name)
        client.get_waiter("function_active_v2").wait(FunctionName=name)
        yield Engine(client, name)


def listed_by_turns(api: Api, engine: Engine, query: dict[str, str]) -> list[dict[str, Any]]:
    """Every dragon of a query, a page by the API and one by the copy: each goes on where the other ended."""
    found: list[dict[str, Any]] = []
    token: dict[str, str] = {}
    while True:
        for send in (engine.get, lambda **asked: over_http(api, asked)):
            answer = send(**query, **token)
            assert answer.status == 200
            found += answer.dragons
            if not answer.more:
                return found
            token = answer.token


def over_http(api: Api, query: dict[str, str]) -> Answer:
    answer = api.get("/dragons", params=query)
    return Answer.of(answer.status_code, answer.json())


@pytest.mark.parametrize("name", FILTERS)
def test_each_filter_finds_the_same(api: Api, engine: Engine, name: str) -> None:
    of_samples = sorted({dragon[FILTERS[name]] for dragon in samples()})
    for value in [*of_samples[:: max(1, len(of_samples) // 8)], "O'Nobody"]:
        assert engine.get(**{name: value}) == over_http(api, {name: value})


def test_filters_together_find_the_same(api: Api, engine: Engine) -> None:
    for dragon in samples()[::20]:
        query = {name: dragon[record] for name, record in FILTERS.items() if name != "dragonName"}
        assert dragon in engine.get(**query).dragons
        assert engine.get(**query) == over_http(api, query)


@pytest.mark.parametrize("limit", [7, 50, 200])
def test_a_token_of_one_engine_is_good_for_the_other(api: Api, engine: Engine, limit: int) -> None:
    country = max((dragon["location_country_str"] for dragon in samples()), key=len)
    for query in ({}, {"family": "red"}, {"country": country}):
        asked = query | {"limit": str(limit)}
        assert listed_by_turns(api, engine, asked) == api.listed(**asked)


@pytest.mark.parametrize("name", FILTERS)
def test_a_hostile_value_matches_nothing(engine: Engine, name: str) -> None:
    for value in HOSTILE_TEXTS:
        query = {name: f"{uuid.uuid4()}{value}", "state": "a state of no dragon"}
        assert engine.get(**query) == NOTHING


@pytest.fixture(scope="module")
def family(api: Api, outputs: dict[str, Any], aws: Callable[[str], Any]) -> Iterator[str]:
    """A family with a dragon of each of the cities, named by their places; they leave when the tests end."""
    table, where, family = aws("dynamodb"), outputs["dragons_table"], f"e2e-{uuid.uuid4()}"
    with ExitStack() as gone:
        for place, city in enumerate(CITIES):
            named = {"dragon_name_str": {"S": f"{family}-{place:02}"}}
            item = named | {"family_str": {"S": family}, "location_city_str": city}
            table.put_item(TableName=where, Item=item)
            gone.callback(table.delete_item, TableName=where, Key=named)
        api.wait_listed(len(CITIES), family=family)
        yield family
    poll(lambda: None if api.listed(family=family) else True, f"{family} to leave the list")


def test_values_that_look_alike_match_the_same(api: Api, engine: Engine, family: str) -> None:
    for wanted in [*HOSTILE_TEXTS, "", "O'Brien", "7", "7.0", "7.5", "true", "True", "null", "'", "''", '"']:
        query = {"family": family, "city": wanted}
        assert engine.get(**query) == over_http(api, query)


def test_a_text_matches_itself_alone(engine: Engine, family: str) -> None:
    for place, text in enumerate(HOSTILE_TEXTS):
        [dragon] = engine.get(family=family, city=text).dragons
        assert dragon == {
            "dragon_name_str": f"{family}-{place:02}",
            "family_str": family,
            "location_city_str": text,
        }
