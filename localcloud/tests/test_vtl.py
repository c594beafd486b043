"""Mapping templates: what $util, $input and Java's methods give, whatever the caller sends."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import Headers

from localcloud.apigateway import vtl
from localcloud.gateway.json_text import parse_request_json

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
    max_leaves=10,
)
HOSTILE = "'\"\\/ \b\n\t\f\r\0\x1f\x7f $x ${y} $!z #set($a=1) #if( </script> \\' \\\\' é \u2028 אב \U0001f409"
AS_JSON_STRING = r""".replaceAll("\\'","'")"""


@pytest.fixture(autouse=True, scope="module")
def _engine() -> None:
    vtl.apply()


def render(template: str, body: str = "", **params: Any) -> str:
    return render_with_overrides(template, body, **params)[0]


def render_with_overrides(template: str, body: str = "", **params: Any) -> tuple[str, Any]:
    overrides: Any = {
        "requestOverride": {"header": {}, "path": {}, "querystring": {}},
        "responseOverride": {"header": {}, "status": 0},
    }
    variables: Any = {
        "context": {"requestId": "r-1", "identity": {"sourceIp": "127.0.0.1", "user": None}},
        "stageVariables": {"machine": "arn:m"},
        "input": {"body": body, "params": params},
    }
    return vtl.MappingTemplate(parse_request_json).render_response(template, variables, overrides)


@given(ANY_TEXT)
def test_escaped_text_survives_in_a_json_string(text: str) -> None:
    template = '{"a":"$util.escapeJavaScript($input.params(\'x\'))' + AS_JSON_STRING + '"}'

    assert json.loads(render(template, querystring={"x": text})) == {"a": text}


@given(JSON_VALUES)
def test_a_body_survives_inside_a_string_inside_json(value: Any) -> None:
    template = '{"input":"$util.escapeJavaScript($input.json(\'$\'))' + AS_JSON_STRING + '"}'

    rendered = render(template, json.dumps(value))

    assert json.loads(json.loads(rendered)["input"]) == value


@given(st.dictionaries(st.sampled_from(["a", "keySet", "items", "b c", "$x", "size"]), JSON_VALUES))
def test_input_json_is_the_value_at_the_path(body: dict[str, Any]) -> None:
    rendered = render("$input.json('$.keySet')", json.dumps(body))

    assert json.loads(rendered) == body.get("keySet", "")


def test_escape_java_script_as_commons_lang_does_it() -> None:
    escaped = render("$util.escapeJavaScript($input.params('x'))", querystring={"x": HOSTILE})

    assert escaped == (
        r"\'\"\\\/ \b\n\t\f\r\u0000\u001F"
        "\x7f $x ${y} $!z #set($a=1) #if( "
        r"<\/script> \\\' \\\\\' \u00E9 \u2028 \u05D0\u05D1 \uD83D\uDC09"
    )


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('" "', " "),
        ('""', ""),
        ("true", "true"),
        ("12", "12"),
        ("1.5", "1.5"),
        ("[1,[true]]", "[1,[true]]"),
        ('{"a":[1],"b":null}', "{a=[1], b=null}"),
    ],
)
def test_escape_java_script_of_values(body: str, text: str) -> None:
    assert render("$util.escapeJavaScript($input.path('$'))", body) == text


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("$input.path('$.none')", ""),
        ("$input.path('$.none.deeper').contains('x')", ""),
        ("$input.json('$.none')", '""'),
        ("$input.json('$.null')", "null"),
        ("""$input.json("$['odd-key.']")""", "1"),
        ("$input.path('$.list[0].n')", "7"),
        ("$input.path('$.list')[0].n", "7"),
        ("$input.path('$.list')[9].n", ""),
        ("$input.path('$.list').size()", "1"),
        ("$input.path('$').title", ""),
        ("$input.path('$.text').title", ""),
        ("$util.parseJson($input.path('$.inner')).a[1].b", "true"),
        ("$util.parseJson($input.path('$.inner')).a", '[1,{"b":true}]'),
        ("#foreach($e in $input.path('$.map').entrySet())$e.key=$e.getValue();#end", "p=1;q=2;"),
        ("#foreach($k in $input.path('$.map').keySet())$k#if($foreach.hasNext),#end#end", "p,q"),
        ("$input.path('$.map').containsKey('p') $input.path('$.map').containsKey('z')", "true false"),
        ("$util.base64Decode($util.base64Encode($input.path('$.text')))", "a'b"),
    ],
)
def test_input_and_util(template: str, text: str) -> None:
    body = {
        "null": None,
        "odd-key.": 1,
        "text": "a'b",
        "list": [{"n": 7}],
        "inner": '{"a":[1,{"b":true}]}',
        "map": {"p": 1, "q": 2},
    }

    assert render(template, json.dumps(body)) == text


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (r'replaceAll("[a-c]+", "<$0>")', "<ab>-9.X"),
        (r'replaceAll("(\w)-", "\$$1")', "a$b9.X"),
        (r'replaceAll("\Q.\E", "/")', "ab-9/X"),
        (r'replaceFirst("\p{Alpha}", "")', "b-9.X"),
        ("replace('.', '$')", "ab-9$X"),
        ('matches("^[a-z]{2}-.*$")', "true"),
        ('matches("ab")', "false"),
        ('split("[-.]")[1]', "9"),
        ("substring(1, 3)", "b-"),
        ("length()", "6"),
        ("toLowerCase().toUpperCase()", "AB-9.X"),
        ("contains('9.')", "true"),
        ("startsWith('ab')", "true"),
        ("endsWith('x')", "false"),
        ("isEmpty()", "false"),
        ("equals('ab-9.X')", "true"),
        ("equalsIgnoreCase('AB-9.x')", "true"),
        ("indexOf('-')", "2"),
        ("indexOf('none')", "-1"),
        ("trim()", "ab-9.X"),
    ],
)
def test_java_string_methods(call: str, text: str) -> None:
    assert render(f"$input.params('x').{call}", querystring={"x": "ab-9.X"}) == text


def test_length_counts_utf_16_units() -> None:
    assert render("$input.params('x').length()", querystring={"x": "\U0001f409"}) == "2"


def test_split_drops_empty_strings_at_the_end() -> None:
    assert render("$input.params('x').split(',').size()", querystring={"x": "a,b,,"}) == "2"


def test_parameters_are_searched_path_first_and_headers_in_any_case() -> None:
    headers = Headers([("Idempotency-Key", "k-1"), ("p", "header")])
    template = (
        "$input.params('p') $input.params('idempotency-key') $input.params('none')"
        "$input.params().header.get('Idempotency-Key') $input.params().path.size()"
    )

    assert render(template, path={"p": "path"}, header=headers) == "path k-1 k-1 1"


def test_a_template_sets_status_and_headers_of_the_answer() -> None:
    template = (
        "#set($context.responseOverride.status = 409)"
        "#set($context.responseOverride.header['X-Id'] = $context.requestId)"
        "$stageVariables.machine"
    )

    text, override = render_with_overrides(template)

    assert text == "arn:m"
    assert override == {"header": {"X-Id": "r-1"}, "status": 409}


def test_half_a_surrogate_pair_becomes_a_question_mark() -> None:
    assert render("$input.params('x')", querystring={"x": "a\ud800b"}) == "a?b"


def test_hostile_text_is_never_taken_for_a_template() -> None:
    assert render("$input.params('x')", querystring={"x": HOSTILE}) == HOSTILE
