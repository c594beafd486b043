"""The contract that clients read is the API that is deployed."""

import json

from contract.published import PATH, contract, text


def test_the_published_contract_is_the_deployed_one() -> None:
    assert PATH.read_text(encoding="utf-8") == text(), "it is old: did you run `make contract`?"


def test_it_holds_nothing_of_the_gateways() -> None:
    assert "x-amazon" not in json.dumps(contract())
