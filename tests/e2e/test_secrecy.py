"""No token, code, password or secret is in a log; it runs last, when there is something to be found."""

import os
import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from support.people import PASSWORD_MARK, Person
from support.system import Api

Aws = Callable[[str], Any]
JWT = r"eyJ[\w-]{10,}\.[\w-]+\.[\w-]*"
CODE = r"[?&](?:code|state)=[\w-]{16,}"  # in the address of a redirect


def lines_of(aws: Aws) -> Iterator[tuple[str, str]]:
    """Every line that the system has logged, with where it is."""
    logs = aws("logs")
    groups = logs.get_paginator("describe_log_groups").paginate()
    for group in (group["logGroupName"] for page in groups for group in page["logGroups"]):
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group):
            yield from ((group, event["message"]) for event in page["events"])
    if "DRAGONS_CLOUD_LOG" in os.environ:
        with Path(os.environ["DRAGONS_CLOUD_LOG"]).open(errors="replace") as log:
            yield from (("the local cloud", line) for line in log)


@pytest.mark.last
def test_no_secret_is_in_any_log(api: Api, outputs: dict[str, Any], aws: Aws, reporter: Person) -> None:
    key = f"e2e-secret-{uuid.uuid4().hex}"
    assert api.get("/partners/dragons", headers={"Authorization": key, "x-api-key": key}).status_code == 401
    machine = aws("cognito-idp").describe_user_pool_client(
        UserPoolId=outputs["user_pool_id"], ClientId=outputs["machine_client_id"]
    )["UserPoolClient"]
    secrets = [key, machine["ClientSecret"], reporter.tokens.refresh, PASSWORD_MARK]
    pattern = re.compile("|".join([JWT, CODE, *map(re.escape, secrets)]))
    seen = 0
    for where, line in lines_of(aws):
        seen += 1
        found = pattern.search(line)
        assert found is None, f"{where}: ...{line[: found.start()][-200:]}<{found[0][:12]}...>"
    assert seen > 0
