r"""Mapping templates as AWS renders them: `$input`, `$util`, and Java's methods on what they return.

Source:
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html
(`escapeJavaScript`, whose single quotes become `\'`; `parseJson`; `$input`).

Parsed templates are kept: parsing is most of the time a rendering takes.

Left out: `#parse` and `#include`; comparing values of different types raises, where Velocity goes on.
"""

import base64
import json
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

import airspeed
from airspeed import operators
from jsonpath_rw.parser import parse as parse_jsonpath
from localstack.services.apigateway.next_gen.execute_api.template_mapping import (
    ApiGatewayVtlTemplate,
    VelocityUtilApiGateway,
)
from localstack.utils import patch as patching
from localstack.utils.aws.templating import APIGW_SOURCE, SOURCE_NAMESPACE_VARIABLE

from localcloud.apigateway.java_values import (
    JsonArray,
    call_method,
    escape_java_script,
    get_property,
    is_java_value,
    to_text,
)

ABSENT = object()
"""What a payload's parser returns for a payload in which no path leads anywhere."""

_cached_jsonpath = lru_cache(maxsize=256)(parse_jsonpath)
_cached_template = lru_cache(maxsize=256)(airspeed.Template)


def as_template_value(value: Any) -> Any:
    """Mark the arrays inside a JSON value, whose text in a template is JSON."""
    if isinstance(value, dict):
        return {key: as_template_value(item) for key, item in value.items()}
    if isinstance(value, list):
        return JsonArray(as_template_value(item) for item in value)
    return value


class TemplateUtil(VelocityUtilApiGateway):
    """`$util`."""

    def __init__(self, parse: Callable[[str], Any]) -> None:
        self._parse = parse

    def escapeJavaScript(self, obj: Any) -> str:  # noqa: N802 - the name templates call
        """Escape text for a JavaScript string; blank text stays as it is."""
        return escape_java_script(obj)

    def parseJson(self, s: str) -> Any:  # noqa: N802
        """Parse JSON; what is inside can be walked like the result of `$input.path`."""
        return as_template_value(self._parse(s))

    def base64Encode(self, s: Any) -> str:  # noqa: N802
        """Encode the value's text."""
        return base64.b64encode(to_text(s).encode()).decode()

    def base64Decode(self, s: str) -> str:  # noqa: N802
        """Decode to text; bytes that are not UTF-8 become the replacement character."""
        return base64.b64decode(s).decode("utf-8", "replace")


class TemplateInput:
    """`$input`: the payload and the request's parameters."""

    def __init__(self, body: str, params: dict[str, Any], parse: Callable[[str], Any]) -> None:
        self._body = body
        self._params = {
            "path": dict(params.get("path") or {}),
            "querystring": dict(params.get("querystring") or {}),
            "header": dict(params.get("header") or {}),
        }
        self._headers_in_any_case = {k.lower(): v for k, v in self._params["header"].items()}
        self._parse = parse
        self._parsed: Any = None if body else ABSENT
        self._is_parsed = not body

    @property
    def body(self) -> str:
        """The raw payload."""
        return self._body or "{}"

    def path(self, expression: str) -> Any:
        """The value at a JSONPath; None, which renders as nothing, where there is none."""
        found = self._find(expression)
        return None if found is ABSENT else as_template_value(found)

    def json(self, expression: str = "$") -> str:
        """The JSON text of the value at a JSONPath, `""` where there is none."""
        found = self._find(expression)
        return '""' if found is ABSENT else json.dumps(found)

    def params(self, name: str | None = None) -> Any:
        """One parameter (path, query string, header, in that order), or the map of all three."""
        if not name:
            return self._params
        for place in (self._params["path"], self._params["querystring"]):
            if name in place:
                return place[name]
        return self._headers_in_any_case.get(name.lower(), "")

    def _find(self, expression: str) -> Any:
        if not self._is_parsed:
            self._parsed = self._parse(self._body)
            self._is_parsed = True
        if self._parsed is ABSENT or expression in ("", "$"):
            return self._parsed
        found = [match.value for match in _cached_jsonpath(expression).find(self._parsed)]
        if not found:
            return ABSENT
        return found[0] if len(found) == 1 else found


class MappingTemplate(ApiGatewayVtlTemplate):
    """Renders the mapping templates of one direction, request or response."""

    def __init__(self, parse: Callable[[str], Any]) -> None:
        """Keep how a payload is parsed.

        Args:
            parse: Turns the payload's text into a value; what it raises ends the rendering.
        """
        self._parse = parse

    def prepare_namespace(self, variables: dict[str, Any], source: str = APIGW_SOURCE) -> dict[str, Any]:
        """Build the variables that a template sees."""
        payload = variables.get("input") or {}
        return {
            **variables,
            "input": TemplateInput(payload.get("body") or "", payload.get("params") or {}, self._parse),
            "util": TemplateUtil(self._parse),
            SOURCE_NAMESPACE_VARIABLE: source,
        }

    def render_vtl(self, template: str, variables: dict[str, Any], as_json: bool = False) -> Any:
        """Render; half a surrogate pair becomes `?`, as when Java encodes its text in UTF-8."""
        if not template:
            return template
        parsed: Any = _cached_template(template)
        rendered: str = parsed.merge(self.prepare_namespace(variables))
        text = rendered.encode("utf-8", "replace").decode()
        return json.loads(text) if as_json else text


def _call_or_property(
    fn: Callable[..., Any], self: Any, current_object: Any, loader: Any, top_namespace: Any
) -> Any:
    """`$value.name(...)` and `$value.name[...]`: Java's view of values, the engine's own for the rest."""
    if not is_java_value(current_object) or isinstance(current_object, operators.LocalNamespace):
        return fn(self, current_object, loader, top_namespace)
    if self.parameters is not None:
        arguments = self.parameters.calculate(top_namespace, loader)
        return call_method(current_object, self.name, arguments)
    value = get_property(current_object, self.name)
    if self.index is None:
        return value
    return get_property(value, self.index.calculate(top_namespace, loader))


def _index(fn: Callable[..., Any], self: Any, current_object: Any, *args: Any) -> Any:
    """`...)[0]`: nothing, rather than an error, where there is no such element."""
    if not isinstance(self.expression, operators.ArrayIndex):
        return fn(self, current_object, *args)
    index: Any = self.expression
    value = get_property(current_object, index.calculate(args[-1], args[0]))
    return self.subexpression.calculate(value, *args) if self.subexpression else value


@cache
def apply() -> None:
    """Teach the template engine Java's methods and texts; once, however often it is called."""
    patch: Any = patching.patch
    patch(operators.NameOrCall.calculate)(_call_or_property)
    patch(operators.SubExpression.calculate)(_index)
    text_patch: Any = patching.Patch(operators, "value_to_string", to_text)
    text_patch.apply()
