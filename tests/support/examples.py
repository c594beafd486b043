"""What the examples of the docs stand for in the system under test, made as they are asked for."""

import io
import re
import secrets
import uuid
import zipfile
from collections.abc import Callable
from contextlib import ExitStack, suppress
from functools import cached_property
from typing import Any

from support.people import Aws, new_email
from tasks.partner import Credentials, onboard

_OUTPUT = re.compile(r"\$\((?:out |make -s outputs ENV=\w+ NAME=)(\w+)\)")
_ENVIRONMENT = re.compile(r"(?<=dragons[-/])(?:dev|prod)\b")
_PLACEHOLDER = r"<[A-Za-z][\w ]*>"


class UnknownPlaceholderError(Exception):
    """Nothing here knows what a placeholder stands for."""


class Examples(ExitStack):
    """Fills commands of the docs in; what it has made for them goes when the block ends.

    Args:
        outputs: The outputs of the system under test.
        aws: Makes clients of AWS.
    """

    def __init__(self, outputs: dict[str, Any], aws: Aws) -> None:
        super().__init__()
        self._outputs = outputs
        self._aws = aws
        self._known: dict[str, Callable[[], str]] = {
            "--value 12": lambda: f"--value {self._live_version}",
            "$api_key": lambda: self._partner.api_key,
            "$token": lambda: self._partner.token,
            "<bucket>": lambda: self._bucket,
            "<distribution>": lambda: str(outputs["site"]["distribution_id"]),
            "<id>": lambda: self._key_id,
            "<layer>": lambda: self._layer[0],
            "<name>": lambda: self._log_group,
            "<pool>": lambda: str(outputs["user_pool_id"]),
            "<reporter>": lambda: self._told,
            "<reviewId>": lambda: self._reviewed,
            "<sub>": lambda: self._attributes["sub"],
            "<token_sha256>": lambda: self._partner.token_sha256,
            "<Username>": lambda: self._attributes["Username"],
            "<version>": lambda: self._layer[1],
            "acme": lambda: self._partner_name,
            "ann@example.org": lambda: self._email,
        }
        self._shown = re.compile("|".join([*map(re.escape, self._known), _PLACEHOLDER]))

    def fill(self, text: str) -> str:
        """A command with the names and values of the system under test.

        Raises:
            UnknownPlaceholderError: It has a placeholder that is not known here; the message names it.
        """
        environment = self._outputs["parameter_path"].rpartition("/")[2]
        text = _OUTPUT.sub(lambda found: self._output(found[0], found[1]), text)
        return self._shown.sub(self._filled, _ENVIRONMENT.sub(environment, text))

    def _output(self, shown: str, name: str) -> str:
        if name not in self._outputs:
            raise UnknownPlaceholderError(shown)
        return str(self._outputs[name])

    def _filled(self, found: re.Match[str]) -> str:
        if found[0] not in self._known:
            raise UnknownPlaceholderError(found[0])
        return self._known[found[0]]()

    @cached_property
    def _live_version(self) -> str:
        function, _, alias = self._outputs["functions"]["list_dragons"].rpartition(":")
        version: str = self._aws("lambda").get_alias(FunctionName=function, Name=alias)["FunctionVersion"]
        return version

    @cached_property
    def _partner_name(self) -> str:
        name = f"e2e-{secrets.token_hex(8)}"
        self.callback(self._forget_partner, name)
        return name

    @cached_property
    def _partner(self) -> Credentials:
        name, plan = self._outputs["partners_table"], self._outputs["partners_usage_plan_id"]
        return onboard(self._partner_name, name, plan, self._aws("dynamodb"), self._aws("apigateway"))

    @property
    def _key_id(self) -> str:
        assert self._partner
        [key] = self._keys(self._partner_name)
        return key

    def _keys(self, partner: str) -> list[str]:
        name = f"{self._outputs['partners_table']}-{partner}"
        return [key["id"] for key in self._aws("apigateway").get_api_keys(nameQuery=name)["items"]]

    def _forget_partner(self, name: str) -> None:
        """Delete a partner's keys and tokens, whoever made them."""
        for identifier in self._keys(name):
            self._aws("apigateway").delete_api_key(apiKey=identifier)
        table, shown = self._aws("dynamodb"), {":name": {"S": name}}
        scan = {"TableName": self._outputs["partners_table"], "FilterExpression": "partner = :name"}
        for page in table.get_paginator("scan").paginate(**scan, ExpressionAttributeValues=shown):
            for token in page["Items"]:
                key = {"token_sha256": token["token_sha256"]}
                table.delete_item(TableName=self._outputs["partners_table"], Key=key)

    @cached_property
    def _email(self) -> str:
        cognito, email = self._aws("cognito-idp"), new_email()
        missing = cognito.exceptions.UserNotFoundException
        user = {"UserPoolId": self._outputs["user_pool_id"], "Username": email}
        self.callback(_gone, cognito.admin_delete_user, missing, **user)
        return email

    @cached_property
    def _attributes(self) -> dict[str, str]:
        """The user's name and attributes; the row that the user has as a reporter goes, too."""
        user = {"UserPoolId": self._outputs["user_pool_id"], "Username": self._email}
        found = self._aws("cognito-idp").admin_get_user(**user)
        attributes = {each["Name"]: each["Value"] for each in found["UserAttributes"]}
        key = {"sub": {"S": attributes["sub"]}}
        self.callback(self._aws("dynamodb").delete_item, TableName=self._outputs["reporters_table"], Key=key)
        return attributes | {"Username": found["Username"]}

    @cached_property
    def _told(self) -> str:
        """Somebody who has had a text."""
        table, sub = self._aws("dynamodb"), str(uuid.uuid4())
        row = {"sub": {"S": sub}, "text_day": {"S": "2026-01-01"}, "texts": {"N": "1"}}
        table.put_item(TableName=self._outputs["texts_table"], Item=row)
        key = {"sub": {"S": sub}}
        self.callback(table.delete_item, TableName=self._outputs["texts_table"], Key=key)
        return sub

    @cached_property
    def _reviewed(self) -> str:
        """A review that was decided on."""
        table, review_id = self._aws("dynamodb"), secrets.token_hex(16)
        item = {"review_id": {"S": review_id}, "report_id": {"S": "e2e"}}
        table.put_item(TableName=self._outputs["reviews_table"], Item=item)
        key = {"review_id": {"S": review_id}}
        self.callback(table.delete_item, TableName=self._outputs["reviews_table"], Key=key)
        return review_id

    @cached_property
    def _log_group(self) -> str:
        logs, name = self._aws("logs"), f"e2e-{uuid.uuid4()}"
        logs.create_log_group(logGroupName=name)
        missing = logs.exceptions.ResourceNotFoundException
        self.callback(_gone, logs.delete_log_group, missing, logGroupName=name)
        return name

    @cached_property
    def _layer(self) -> tuple[str, str]:
        """A layer's name, and its one version."""
        functions, name, content = self._aws("lambda"), f"e2e-{uuid.uuid4()}", io.BytesIO()
        with zipfile.ZipFile(content, "w") as archive:
            archive.writestr("python/nothing.py", "")
        made = functions.publish_layer_version(LayerName=name, Content={"ZipFile": content.getvalue()})
        version = {"LayerName": name, "VersionNumber": made["Version"]}
        self.callback(functions.delete_layer_version, **version)  # of one that is gone, too
        return name, str(made["Version"])

    @cached_property
    def _bucket(self) -> str:
        s3, name = self._aws("s3"), f"e2e-{uuid.uuid4()}"
        s3.create_bucket(Bucket=name)
        self.callback(s3.delete_bucket, Bucket=name)
        s3.put_object(Bucket=name, Key="state")
        self.callback(s3.delete_object, Bucket=name, Key="state")
        return name


def _gone(delete: Callable[..., Any], missing: type[Exception], **request: Any) -> None:
    """Delete what a command of the docs may have deleted already."""
    with suppress(missing):
        delete(**request)
