"""Answers of a Lambda proxy integration, of a REST API or of an HTTP API: one shape serves both.

Sources: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

import json
from collections.abc import Mapping
from typing import Any

from dragons import config


def answer(event: Mapping[str, Any], status: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Shape an answer in JSON, with the CORS headers that its caller's origin is entitled to.

    Args:
        event: The proxy integration's event, of payload format 1.0 or 2.0.
        status: The HTTP status code.
        body: What is sent, as JSON.
    """
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json"} | _cors_headers(event),
        "body": json.dumps(body, ensure_ascii=False, separators=(",", ":")),
    }


def _cors_headers(event: Mapping[str, Any]) -> dict[str, str]:
    """Name the caller's origin if it is allowed: a REST API leaves that to us, an HTTP API does it itself.

    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
    """
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    origin = headers.get("origin", "")
    if event.get("version") != "2.0" and origin in config.words("ALLOWED_ORIGINS"):
        return {"Access-Control-Allow-Origin": origin, "Vary": "Origin"}
    return {"Vary": "Origin"}
