"""One request to an HTTP API, from the moment that its API and stage are known, and settings of integrations.

Source: https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations-integrationid.html
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, unquote_to_bytes

from rolo import Request
from werkzeug.datastructures import Headers

DEFAULT_STAGE = "$default"

_IN_SEGMENT = "!$&'()*+,;=:@~"  # unencoded there: https://www.rfc-editor.org/rfc/rfc3986#section-3.3
_TIME_FORMAT = "%d/%b/%Y:%H:%M:%S %z"
MAX_MILLISECONDS = 30_000
_STAGE_VARIABLE = re.compile(r"\$\{stageVariables\.([\w]+)\}")


@dataclass(frozen=True)
class HttpApi:
    """An API's definition; the mappings are as the control plane's JSON has them (`authorizerId`, ...).

    Attributes:
        cors: Its `corsConfiguration`, if it has one.
        disabled: Whether its execute-api address is switched off.
        integrations: By integration id; `authorizers` and `stages` likewise by id and name.
    """

    account_id: str
    region: str
    api_id: str
    cors: Mapping[str, Any] | None
    disabled: bool
    routes: Sequence[Mapping[str, Any]]
    integrations: Mapping[str, Mapping[str, Any]]
    authorizers: Mapping[str, Mapping[str, Any]]
    stages: Mapping[str, Mapping[str, Any]]

    @property
    def arn(self) -> str:
        """What the ARNs of its routes and authorizers begin with."""
        return f"arn:aws:execute-api:{self.region}:{self.account_id}:{self.api_id}"


@dataclass
class Invocation:
    """What is known of a request; steps add what they find out.

    Attributes:
        request: As it was received, under its local address: the address that a caller signs.
        encoded_path: What routes are matched against: the path without a stage, as received.
        raw_path: What integrations get, with the stage unless that is `$default`, decoded.
        raw_query: The query string as received.
        headers: The request's, without those of its connection, with a trace id.
        arrived: Milliseconds since the epoch.
        route: The selected route (`routeKey`, `authorizationType`, `authorizationScopes`, `target`, ...).
        path_parameters: What the route's variables stand for, decoded.
        authorizer: What it passes on: `{"jwt": ...}`, `{"lambda": ...}`, `{"iam": ...}`, or nothing.
        logged: What only the access log shows, below `$context`.
    """

    api: HttpApi
    stage: Mapping[str, Any]
    request: Request
    encoded_path: str
    raw_path: str
    raw_query: str
    headers: Headers
    body: bytes
    request_id: str
    arrived: int
    route: Mapping[str, Any] = field(default_factory=dict)
    path_parameters: Mapping[str, str] = field(default_factory=dict)
    authorizer: Mapping[str, Any] = field(default_factory=dict)
    logged: dict[str, Any] = field(default_factory=dict)

    @property
    def method(self) -> str:
        """The verb."""
        return self.request.method

    @property
    def path(self) -> str:
        """The path without a stage, decoded."""
        return unquote(self.encoded_path)

    @property
    def arn(self) -> str:
        """What policies name: `<API's ARN>/<stage>/<verb>/<path>`, each segment encoded in one way alone."""
        called = [self.stage["stageName"], self.method, *self.encoded_path.split("/")[1:]]
        return "/".join([self.api.arn, *(quote(unquote_to_bytes(each), _IN_SEGMENT) for each in called)])

    @property
    def domain_name(self) -> str:
        """The name that AWS would serve the API under."""
        return f"{self.api.api_id}.execute-api.{self.api.region}.amazonaws.com"

    @property
    def query(self) -> list[tuple[str, str]]:
        """The query's parameters in order, decoded."""
        return parse_qsl(self.raw_query, keep_blank_values=True)

    @property
    def stage_variables(self) -> Mapping[str, str]:
        """The stage's variables."""
        return self.stage.get("stageVariables") or {}

    @property
    def source_ip(self) -> str:
        """Where the request comes from."""
        return self.request.remote_addr or "127.0.0.1"

    @property
    def user_agent(self) -> str:
        """What the caller says it is."""
        return self.headers.get("user-agent", "")

    @property
    def time(self) -> str:
        """When the request arrived, `12/Mar/2020:19:03:58 +0000`."""
        return datetime.fromtimestamp(self.arrived / 1000, UTC).strftime(_TIME_FORMAT)


def timeout_seconds(integration: Mapping[str, Any]) -> float:
    """How long an integration may take: its `timeoutInMillis`, 30 s at most."""
    chosen = integration.get("timeoutInMillis") or MAX_MILLISECONDS
    return float(min(chosen, MAX_MILLISECONDS) / 1000)


def substitute_stage_variables(uri: str, invocation: Invocation) -> str:
    """Put the stage's variables in place of `${stageVariables.x}`; one that is not set is empty."""
    return _STAGE_VARIABLE.sub(lambda match: invocation.stage_variables.get(match[1], ""), uri)
