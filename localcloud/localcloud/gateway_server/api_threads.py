"""The callers of deployed APIs have threads of their own, and so never keep a function waiting.

A function that is at work for an API's caller calls AWS at the same port. If both took their threads from
one pool, a burst of callers would take all, and each function wait behind the callers that wait for it.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html:
requests beyond an account's burst get 429.
"""

import re
from collections.abc import Sequence
from typing import Any

from rolo.gateway import Gateway
from rolo.serving.twisted import GatewayResource
from twisted.internet import reactor
from twisted.python.threadpool import ThreadPool
from twisted.web.resource import Resource

from localcloud.gateway_server.refusal import Refusal
from localcloud.upkeep.schedule import every_second, shrink

_WORKERS = 64
_MOST_WAITING = 2000
"""More than that would wait for longer than clients do: 60 s at the 30 reports a second of two cores."""

_API = re.compile(rb"(?:https?://[^/]*)?/+(?:_aws/execute-api/|restapis/[^/]+/[^/]+/_user_request_)")
_API_HOST = re.compile(rb"[^.]+\.execute-api\.", re.IGNORECASE)


class ApiResource:
    """Serves the requests of deployed APIs, and refuses those beyond the bound."""

    def __init__(self, gateway: Gateway) -> None:
        self.pool = ThreadPool(0, _WORKERS, "api")
        self.pool.start()
        every_second(shrink(self.pool))
        self._resource: Any = GatewayResource(gateway, reactor, self.pool)

    def choose(self) -> Resource:
        """What serves one more request."""
        team: Any = self.pool._team  # the pool itself does not tell how many requests wait
        if team.statistics().backloggedWorkCount >= _MOST_WAITING:
            return Refusal(429, "application/json", b'{"message":"Too Many Requests"}')
        found: Resource = self._resource
        return found


def is_for_an_api(uri: bytes, hosts: Sequence[bytes]) -> bool:
    """Whether a request is one of a deployed API, by its path or by its Host."""
    return bool(_API.match(uri)) or any(map(_API_HOST.match, hosts))
