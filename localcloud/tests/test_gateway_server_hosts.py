"""Which Hosts the local cloud serves: the loopback's own, in every spelling, and nobody else's."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from localcloud.gateway_server.hosts import SERVED, is_loopback, refusal

LABEL = st.from_regex(r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,20}[A-Za-z0-9_])?", fullmatch=True)
DOMAIN = st.lists(LABEL, min_size=1, max_size=4).map(".".join)
ROOTS = st.sampled_from(["localhost", "LocalHost", "localhost.localstack.cloud"])
PORT = st.one_of(st.just(""), st.just(":"), st.integers(0, 65535).map(":{}".format))
DOT = st.sampled_from(["", "."])
NAMES = st.one_of(ROOTS, st.builds("{}.{}".format, DOMAIN, ROOTS))
LOOPBACK = st.one_of(
    st.builds("{}{}{}".format, NAMES, DOT, PORT),
    st.builds("{}{}{}".format, st.ip_addresses(v=4, network="127.0.0.0/8"), DOT, PORT),
    st.builds("[{}]{}".format, st.sampled_from(["::1", "0:0:0:0:0:0:0:1", "::ffff:127.0.0.1"]), PORT),
)
REFUSED = [
    "",
    ":4566",
    "0.0.0.0",
    "0.0.0.0:4566",
    "[::]",
    "[::1",
    "::1",
    "127.1",
    "0177.0.0.1",
    "2130706433",
    "127.0.0.1:port",
    "127.0.0.1:123456",
    "127.0.0.1..",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "evil.example:4566",
    "evillocalhost",
    "evil-localhost.localstack.cloud",
    "localhost.localstack.cloud.evil.example",
    "localstack.cloud",
    ".localhost",
    "evil..localhost",
    "localhost:80@evil.example",
    "evil.example#.localhost",
    "evil.example/.localhost",
    "evil.example, localhost",
    "localhost, evil.example",
    "localhost ",
    "localhost\n",
    "ｌocalhost",  # noqa: RUF001 - a full-width letter
    "10.0.0.1",
    "s3.us-east-1.amazonaws.com",
]


@given(LOOPBACK)
@example("bucket.s3.us-east-1.localhost.localstack.cloud:4566")
@example("127.0.0.1:4566")
def test_the_loopbacks_own_hosts_are_answered(host: str) -> None:
    assert is_loopback(host)
    assert refusal([host], "/") is None


@pytest.mark.parametrize("host", REFUSED)
def test_lookalikes_are_refused(host: str) -> None:
    assert not is_loopback(host)


@given(host=DOMAIN, port=PORT, dot=DOT, below=ROOTS)
def test_a_name_of_another_domain_is_refused_with_loopback_labels_in_it_too(
    host: str, port: str, dot: str, below: str
) -> None:
    assert refusal([f"{below}.{host}.example{dot}{port}"], "/") is not None
    assert refusal([f"{host}.example{dot}{port}"], "/") is not None


@given(st.ip_addresses(), PORT)
def test_an_address_is_answered_where_it_is_the_loopbacks(
    address: IPv4Address | IPv6Address, port: str
) -> None:
    host = f"[{address}]" if address.version == 6 else str(address)
    assert is_loopback(host + port) == address.is_loopback


@given(st.text())
def test_whatever_is_sent_gets_a_verdict_in_one_short_line_of_ascii(host: str) -> None:
    reason = refusal([host], "/")
    assert (reason is None) == is_loopback(host)
    if reason is not None:
        assert reason.isascii()
        assert reason.count("\n") == 1
        assert len(reason) < 1500


@given(LOOPBACK, LOOPBACK)
def test_a_request_needs_one_host(first: str, second: str) -> None:
    for hosts in ([], [first, second], [first, first]):
        assert refusal(hosts, "/") is not None


@given(LOOPBACK, LOOPBACK)
def test_the_host_of_a_whole_url_counts_too(host: str, named: str) -> None:
    assert refusal([host], "*") is None
    assert refusal([host], f"http://{named}/path?x=http://evil.example") is None
    for url in (
        f"http://evil.example/{named}",
        f"http://{named}@evil.example/",
        f"http:{named}",
        "evil.example:443",
    ):
        assert refusal([host], url) is not None


def test_the_refusal_names_the_host_and_what_is_answered() -> None:
    assert refusal(["evil.example:4566"], "/") == (
        f"the Host 'evil.example:4566' is refused: the local cloud serves {SERVED}\n"
    )
