"""Calls the example's API without a token and with one; the standard library is enough for both."""

import json
import subprocess
import urllib.error
import urllib.request
from typing import Any

_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def send(url: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    """The status and the JSON of a response."""
    data = None if body is None else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        with _OPENER.open(urllib.request.Request(url, data, named)) as response:  # noqa: S310 - http
            return response.status, json.load(response)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


outputs = json.loads(
    subprocess.run(["terraform", "output", "-json"], stdout=subprocess.PIPE, check=True).stdout
)
url, endpoint, client_id = (outputs[name]["value"] for name in ("url", "endpoint", "client_id"))
print("without a token:", *send(url))
_, response = send(
    endpoint,
    {
        "AuthFlow": "USER_PASSWORD_AUTH",
        "ClientId": client_id,
        "AuthParameters": {"USERNAME": "ann", "PASSWORD": "Only-for-1-example"},
    },
    Content_Type="application/x-amz-json-1.1",
    X_Amz_Target="AWSCognitoIdentityProviderService.InitiateAuth",
)
print("with ann's token:", *send(url, Authorization=response["AuthenticationResult"]["AccessToken"]))
