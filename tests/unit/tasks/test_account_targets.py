"""`make samples`, `make outputs` and `make drift`: what they run, print and ask, and how they end."""

from pathlib import Path

import pytest

from unit.tasks.checkout import Checkout


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


@pytest.mark.parametrize(
    ("words", "answer", "loaded"),
    [([], "yes\n", True), ([], "no\n", False), ([], "", False), (["AUTO_APPROVE=yes"], "", True)],
)
def test_samples_are_loaded_into_an_account_once_somebody_says_yes(
    checkout: Checkout, words: list[str], answer: str, loaded: bool
) -> None:
    code, printed = checkout.make("samples", "ENV=dev", *words, answer=answer)
    assert (code == 0) is loaded
    assert ("error: nothing was loaded\nnext:  AUTO_APPROVE=yes answers for you" in printed) is not loaded
    calls = [call["words"] for call in checkout.calls() if call["tool"] == "samples.load"]
    assert [call[2:] for call in calls] == [
        ["--table", "dragons", "--api", "http://rest", "--region", "us-east-1"]
    ][:loaded]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["NAME=rest_api_url"], "http://rest\n"),
        (["NAME=canary_percent"], "0\n"),
        ([], "parameter_path = /dragons/local\npartners_table = partners\n"),
    ],
)
def test_outputs_are_printed_as_they_are(checkout: Checkout, words: list[str], told: str) -> None:
    code, printed = checkout.make("outputs", "ENV=dev", *words)
    assert code == 0
    assert printed == told if words else told in printed


def test_an_output_that_is_none_is_named_with_those_there_are(checkout: Checkout) -> None:
    code, printed = checkout.make("outputs", "ENV=dev", "NAME=url")
    assert code != 0
    assert "error: NAME=url is not an output: choose one of canary_percent, dead_letter_queues, " in printed


def test_drift_is_told_with_what_to_do(checkout: Checkout) -> None:
    code, printed = checkout.make("drift", "ENV=dev")
    assert code == 2
    assert "Note: Objects have changed outside of Terraform\n" in printed
    assert "dev differs from what the last apply left" in printed
    assert "next:  `make plan ENV=dev` shows" in printed
    [plan] = [call["words"] for call in checkout.calls() if call["words"][:1] == ["plan"]]
    assert plan == ["plan", "-no-color", "-refresh-only", "-input=false"]


def test_without_drift_that_is_said(checkout: Checkout) -> None:
    terraform = checkout.folder / "bin" / "terraform.py"
    none = "No changes. Your infrastructure still matches the configuration."
    terraform.write_text(
        terraform.read_text().replace("Note: Objects have changed outside of Terraform", none)
    )
    code, printed = checkout.make("drift", "ENV=dev")
    assert code == 0
    assert printed.endswith("dev is as the last apply left it\n")
