"""Athena: its SQL over tables of text in the local S3, through boto3."""

import contextlib
from typing import Any

import pytest
from botocore.exceptions import ClientError

from localcloud.athena.statement import QueryError, Statement
from tests.running_cloud import Cloud, until

pytestmark = pytest.mark.xdist_group("cloud")
SERDE = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
OBJECTS = {
    "things/kind=a%2Fb/1": '{"name":"O\'Brien","size":1}\n\n{"name":"é😀","size":2}',
    "things/kind=c/2": '{"name":"last","size":{"x":1}}\nno json\ncut\x01off\n',
    "things/kind=c/.hidden": '{"name":"hidden"}\n',
    "things/_folder/3": '{"name":"hidden"}\n',
    "things/kind=c/empty": "",
}
NAMES = "SELECT json_extract_scalar(line, '$.name') AS name FROM things "


def table(
    name: str, columns: list[str], keys: list[str] | None = None, folder: str = "things", **parameters: str
) -> dict[str, Any]:
    described = {
        "Columns": [{"Name": each, "Type": "string"} for each in columns],
        "Location": f"s3://things/{folder}/",
        "SerdeInfo": {"SerializationLibrary": SERDE},
    }
    partitions = [{"Name": each, "Type": "string"} for each in keys or []]
    return {
        "Name": name,
        "StorageDescriptor": described,
        "PartitionKeys": partitions,
        "Parameters": parameters,
    }


@pytest.fixture(scope="module")
def athena(cloud: Cloud) -> Any:
    s3, glue, client = cloud.client("s3"), cloud.client("glue"), cloud.client("athena")
    s3.create_bucket(Bucket="things")
    for key, text in OBJECTS.items():
        s3.put_object(Bucket="things", Key=key, Body=text.encode())
    s3.put_object(Bucket="things", Key="things/kind=c/9", Body=b'{"name":"\xff"}\n')
    s3.put_object(Bucket="things", Key="big/1", Body=("x" * 1_000_000 + "\n").encode() * 11)
    glue.create_database(DatabaseInput={"Name": "of_things"})
    injected = {
        "projection.kind.type": "injected",
        "storage.location.template": "s3://things/things/kind=${kind}/",
    }
    for each in (
        table("things", ["line"]),
        table("by_kind", ["line"], ["kind"], **injected),
        table("big", ["line"], folder="big"),
        table("wide", ["a", "b"]),
        table("dated", ["line"], ["day"]),
    ):
        glue.create_table(DatabaseName="of_things", TableInput=each)
    for name, limit in (("things", 20_000_000), ("narrow", 10_000_000)):
        client.create_work_group(
            Name=name,
            Configuration={
                "EnforceWorkGroupConfiguration": True,
                "BytesScannedCutoffPerQuery": limit,
                "ResultConfiguration": {"OutputLocation": "s3://things/results/"},
            },
        )
    return client


def run(athena: Any, statement: str, parameters: list[str] | None = None, group: str = "things") -> Any:
    given = {"ExecutionParameters": parameters} if parameters else {}
    started = athena.start_query_execution(
        QueryString=statement,
        QueryExecutionContext={"Database": "of_things"},
        WorkGroup=group,
        **given,
    )
    return until(
        lambda: athena.get_query_execution(QueryExecutionId=started["QueryExecutionId"])["QueryExecution"],
        lambda it: it["Status"]["State"] not in {"QUEUED", "RUNNING"},
    )


def rows(athena: Any, statement: str, *parameters: str) -> list[list[str | None]]:
    query = run(athena, statement, list(parameters))
    assert query["Status"]["State"] == "SUCCEEDED", query
    pages = athena.get_paginator("get_query_results").paginate(QueryExecutionId=query["QueryExecutionId"])
    found = [row["Data"] for page in pages for row in page["ResultSet"]["Rows"]]
    return [[cell.get("VarCharValue") for cell in row] for row in found]


def reason(athena: Any, statement: str, *parameters: str) -> str:
    status = run(athena, statement, list(parameters))["Status"]
    assert status["State"] == "FAILED"
    return str(status["StateChangeReason"])


def test_a_table_is_the_lines_of_its_folders_but_for_what_is_hidden(athena: Any) -> None:
    found = rows(athena, "SELECT \"$path\", line FROM things WHERE line <> '' ORDER BY 1, 2")
    first, second = "s3://things/things/kind=a%2Fb/1", "s3://things/things/kind=c/2"
    assert found == [
        ["$path", "line"],
        [first, '{"name":"O\'Brien","size":1}'],
        [first, '{"name":"é😀","size":2}'],
        [second, "cut"],
        [second, "no json"],
        [second, '{"name":"last","size":{"x":1}}'],
    ]
    assert rows(athena, "SELECT count(*) FROM things") == [["_col0"], ["6"]]  # AWS's name; one line is empty


def test_parameters_are_texts_in_quotes_or_other_expressions(athena: Any) -> None:
    where = "WHERE json_extract_scalar(line, '$.name') = ? AND '?' <> ? -- ?"
    assert rows(athena, NAMES + where, "'O''Brien'", "'x'") == [["name"], ["O'Brien"]]
    assert rows(athena, "SELECT 1 WHERE 2 = ?", "2 OR 1 = 1") == [
        ["_col0"]
    ]  # one expression, not more of the text
    assert "expected 2 but found 1" in reason(athena, NAMES + where, "'x'")
    assert "x" in reason(athena, "SELECT 1 WHERE 'x' = ?", "x")  # a column's name


@pytest.mark.parametrize("text", ["\0", "a\0\0'b", "\x01\x1f\x7f\u2028", "é😀", "\\n", "--", "/*", "''"])
def test_any_text_is_a_parameter(athena: Any, text: str) -> None:
    quoted = "'" + text.replace("'", "''") + "'"
    assert rows(athena, "SELECT n FROM (VALUES 1, 2) AS t (n) WHERE n = length(?)", quoted)[1:] == [
        [str(n)] for n in (1, 2) if n == len(text)
    ]


def test_json_is_read_as_trino_reads_it(athena: Any) -> None:
    sizes = "json_extract_scalar(line, '$.size'), json_format(json_extract(line, '$.size'))"
    found = rows(
        athena, f"SELECT {sizes} FROM things WHERE line LIKE '%name%' OR line = 'no json' ORDER BY 2"
    )
    assert found[1:] == [["1", "1"], ["2", "2"], [None, '{"x":1}'], [None, None]]


def test_an_injected_partition_is_named_by_the_query(athena: Any) -> None:
    assert rows(athena, "SELECT kind, count(*) FROM by_kind WHERE kind = ? GROUP BY 1", "'a%2Fb'")[1:] == [
        ["a%2Fb", "3"]
    ]
    assert rows(athena, "SELECT count(*) FROM by_kind WHERE kind IN ('a%2Fb', 'c', 'none')")[1:] == [["6"]]
    assert "static equality conditions" in reason(athena, "SELECT * FROM by_kind")


def test_tables_are_found_by_their_database_and_named_by_an_alias(athena: Any) -> None:
    statement = (
        "WITH own AS (SELECT 1 AS n) SELECT t.line FROM of_things.things AS t, own WHERE t.line = 'cut'"
    )
    assert rows(athena, statement) == [["line"], ["cut"]]
    assert rows(athena, "SELECT things.line FROM things WHERE line = 'cut'")[1:] == [["cut"]]
    assert "TABLE_NOT_FOUND" in reason(athena, "SELECT * FROM elsewhere.things")
    assert "NOT_SUPPORTED" in reason(athena, "SELECT * FROM wide")
    assert "NOT_SUPPORTED" in reason(athena, "SELECT * FROM dated")


def test_a_query_reads_no_files_of_this_machine(athena: Any) -> None:
    assert reason(athena, "SELECT * FROM read_csv('/etc/passwd')")
    assert reason(athena, 'SELECT * FROM "/etc/passwd"')


def test_bytes_are_told_and_limited(athena: Any, cloud: Cloud) -> None:
    query = run(athena, "SELECT * FROM by_kind WHERE kind = 'a%2Fb'")
    assert query["Statistics"]["DataScannedInBytes"] == len(OBJECTS["things/kind=a%2Fb/1"].encode())
    big = "SELECT count(*) FROM big"
    cancelled = run(athena, big, group="narrow")["Status"]
    assert (cancelled["State"], cancelled["StateChangeReason"]) == (
        "CANCELLED",
        "Bytes scanned limit was exceeded",
    )
    athena.update_work_group(
        WorkGroup="narrow", ConfigurationUpdates={"BytesScannedCutoffPerQuery": 20_000_000}
    )
    assert run(athena, big, group="narrow")["Status"]["State"] == "SUCCEEDED"


def test_a_result_is_a_file_too_and_comes_in_pages(athena: Any, cloud: Cloud) -> None:
    query = run(athena, "SELECT n, if(n = 2, NULL, 'a\"b') AS text FROM unnest(sequence(1, 3)) AS t (n)")
    location = query["ResultConfiguration"]["OutputLocation"]
    assert location == f"s3://things/results/{query['QueryExecutionId']}.csv"
    key = location.removeprefix("s3://things/")
    kept = cloud.client("s3").get_object(Bucket="things", Key=key)["Body"].read()
    assert kept == b'"n","text"\n"1","a""b"\n"2",\n"3","a""b"\n'
    first = athena.get_query_results(QueryExecutionId=query["QueryExecutionId"], MaxResults=3)
    assert [row["Data"][0]["VarCharValue"] for row in first["ResultSet"]["Rows"]] == ["n", "1", "2"]
    last = athena.get_query_results(QueryExecutionId=query["QueryExecutionId"], NextToken=first["NextToken"])
    assert [row["Data"][0]["VarCharValue"] for row in last["ResultSet"]["Rows"]] == ["3"]
    assert "NextToken" not in last
    kinds = [each["Type"] for each in last["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]]
    assert kinds == ["bigint", "varchar"]


def test_a_query_can_be_stopped(athena: Any) -> None:
    numbers = "unnest(sequence(1, 200000))"
    slow = f"SELECT sum(a.n * b.n) FROM {numbers} AS a (n), {numbers} AS b (n)"
    started = athena.start_query_execution(QueryString=slow, WorkGroup="things")["QueryExecutionId"]
    with pytest.raises(ClientError, match="has not yet finished"):
        athena.get_query_results(QueryExecutionId=started)
    athena.stop_query_execution(QueryExecutionId=started)
    status = athena.get_query_execution(QueryExecutionId=started)["QueryExecution"]["Status"]
    assert status["State"] == "CANCELLED"
    with pytest.raises(ClientError, match="Final query state: CANCELLED"):
        athena.get_query_results(QueryExecutionId=started)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"WorkGroup": "nobodys"}, "is not found"),
        ({"WorkGroup": "primary"}, "No output location"),
        ({"WorkGroup": "things", "QueryString": "DROP TABLE things"}, "not supported"),
        ({"WorkGroup": "things", "QueryString": "SELECT ("}, "Required keyword"),
        ({"WorkGroup": "things", "QueryString": "SELECT 'open"}, "tokeniz"),
    ],
)
def test_what_cannot_run_is_refused(athena: Any, given: dict[str, str], words: str) -> None:
    with pytest.raises(ClientError, match=words) as caught:
        athena.start_query_execution(**{"QueryString": "SELECT 1", **given})
    assert caught.value.response["Error"]["Code"] == "InvalidRequestException"


def test_a_query_that_is_not_there_is_named(athena: Any) -> None:
    with pytest.raises(ClientError, match="QueryExecution 7 was not found"):
        athena.get_query_execution(QueryExecutionId="7")


def test_parameters_are_put_in_where_the_question_marks_are() -> None:
    assert Statement("SELECT '?', ?, \"a?\" /* ? */ WHERE ?", ["1", "'é?'"]).for_duckdb().count("?") == 4
    with contextlib.suppress(QueryError):
        Statement("SELECT ?")
        pytest.fail("a parameter is missing")
