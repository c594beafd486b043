"""The commands that README and docs show are there: targets of make with their inputs, and the AWS CLI's own.

What the AWS CLI of the tests, a version 1, does not know is marked with `AWS CLI 2`.
"""

import re
from functools import cache
from typing import Any

import pytest
from awscli.clidriver import create_clidriver  # type: ignore[import-untyped]

from support.documented import AWS, MAKE, ROOT, Command, documented

EVERYWHERE = {"ENV", "PORT"}
LEFT_OUT = """
deploy.md: acm describe-certificate: no domain of the local cloud has a certificate
deploy.md: acm request-certificate: no domain of the local cloud has a certificate
deploy.md: configure sso: AWS CLI 2
deploy.md: lambda delete-function: the local cloud makes no copies
deploy.md: logs put-retention-policy: the local cloud makes no copies
deploy.md: lambda get-account-settings: the local cloud has no limits of an account
deploy.md: service-quotas request-service-quota-increase: the local cloud has no limits of an account
deploy.md: sns create-sms-sandbox-phone-number: the local cloud has no limits of an account
deploy.md: sns verify-sms-sandbox-phone-number: the local cloud has no limits of an account
deploy.md: sns get-sms-attributes: the local cloud has no limits of an account
deploy.md: sns list-origination-numbers: the local cloud has no limits of an account
deploy.md: sns set-sms-attributes: the local cloud has no limits of an account
deploy.md: lambda get-account-settings: what no stand-in can tell, with the command that does
deploy.md: sns get-sms-sandbox-account-status: what no stand-in can tell, with the command that does
deploy.md: sso login: AWS CLI 2
imports.md: s3 cp: a file of yours
runbook.md: logs tail: AWS CLI 2
runbook.md: sqs get-queue-url: AWS CLI 2
runbook.md: sqs receive-message: AWS CLI 2
runbook.md: dynamodb query: its function has to be halted first
runbook.md: dynamodb put-item: its function has to be halted first
runbook.md: ssm put-parameter: the local cloud signs nobody in through others
runbook.md: kms cancel-key-deletion: no key of the local cloud is to be deleted
runbook.md: kms enable-key: no key of the local cloud is to be deleted
runbook.md: sns set-sms-attributes: the local cloud spends nothing
runbook.md: cognito-idp list-user-pool-client-secrets: AWS CLI 2
runbook.md: cognito-idp add-user-pool-client-secret: AWS CLI 2
runbook.md: cognito-idp delete-user-pool-client-secret: AWS CLI 2
"""
"""What tests/e2e/test_docs.py does not run, and why not: what the pages mark."""

RUN_BY = {
    "apply": ("tests/unit/tasks/test_make.py", 'checkout.make("apply"'),
    "bench": ("tests/unit/tasks/test_targets.py", 'calls.main("bench"'),
    "bootstrap": ("tests/unit/tasks/test_bootstrap.py", "bootstrap.run("),
    "contract": ("tests/contract/test_published.py", "make contract"),
    "deploy": ("tests/e2e/releases/test_daily_loop.py", 'checkout.run("deploy"'),
    "destroy": ("tests/unit/tasks/test_destroy.py", '"destroy"]'),
    "down": ("tests/unit/tasks/test_signals.py", 'checkout.make("down"'),
    "drift": ("tests/unit/tasks/test_account_targets.py", 'checkout.make("drift"'),
    "e2e": ("tests/unit/tasks/test_e2e.py", "e2e.run("),
    "halt": ("tests/e2e/events/test_halting.py", "halt.run("),
    "encrypt": ("tests/e2e/configuration/test_encryption.py", '"encrypt", f"--text='),
    "help": ("tests/unit/tasks/test_make.py", '["help"]'),
    "invoke": ("tests/e2e/releases/test_daily_loop.py", 'checkout.run("invoke"'),
    "lock": ("tests/unit/tasks/test_lock.py", '"lock", *words]'),
    "logs": ("tests/unit/tasks/test_make.py", 'running.start("logs"'),
    "new": ("tests/e2e/releases/test_new_function.py", "new.write("),
    "outputs": ("tests/e2e/test_docs.py", '"outputs"'),
    "partner": ("tests/e2e/test_docs.py", '"partner"'),
    "plan": ("tests/unit/tasks/test_make.py", 'checkout.make("plan"'),
    "promote": ("tests/unit/tasks/test_rollout_targets.py", '["promote", "rollback"]'),
    "rebuild": ("tests/e2e/workflows/test_compaction.py", "rebuild.run("),
    "redrive": ("tests/e2e/events/test_redrive.py", "redrive.run("),
    "rehearse": (".github/workflows/rehearse.yml", "run: make rehearse"),
    "replay": ("tests/e2e/events/test_replay.py", "replay.run("),
    "resume": ("tests/e2e/events/test_halting.py", "resume.run("),
    "rollback": ("tests/unit/tasks/test_rollout_targets.py", '["promote", "rollback"]'),
    "samples": ("tests/unit/tasks/test_account_targets.py", 'checkout.make("samples"'),
    "shift": ("tests/e2e/releases/test_daily_loop.py", 'shifted.start("shift"'),
    "site": ("tests/unit/tasks/test_site.py", "site.run("),
    "test": ("tests/unit/tasks/test_e2e.py", "suite.run("),
    "token": ("tests/e2e/test_readme.py", "make -s token"),
    "tune": ("tests/e2e/releases/test_daily_loop.py", '"tune", "--function='),
    "up": ("tests/unit/tasks/test_make.py", 'checkout.make("up"'),
    "watch": ("tests/e2e/releases/test_daily_loop.py", 'checkout.start("watch"'),
}
"""Which test runs each target that README and docs name, and with which words."""


def of(pattern: re.Pattern[str]) -> list[Any]:
    """The commands of all pages that a pattern finds, each once a page."""
    found = {(command.page, command.text): command for command in documented(pattern)}
    return [pytest.param(each, id=f"{each.page.name}: {each.text[:60]}") for each in found.values()]


@cache
def inputs() -> dict[str, set[str]]:
    """What each target of make takes, by its line of help."""
    lines = re.findall(r"^## ([a-z0-9]+)(.*?): ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    return {target: {*EVERYWHERE, *re.findall(r"([A-Z_]+)=", words)} for target, words in lines}


@cache
def services() -> Any:
    """The AWS CLI's services."""
    return create_clidriver()._get_command_table()


def fault(command: Command) -> str:
    """What the installed AWS CLI does not know of a command; empty if it knows all of it."""
    found = AWS.search(command.of_version_1)
    assert found
    service, operation, rest = found.groups()
    if service not in services():
        return service
    table = services()[service]
    operations = (
        table._get_command_table() if hasattr(table, "_get_command_table") else table.subcommand_table
    )
    if operation not in operations:
        return f"{service} {operation}"
    known = {*getattr(operations[operation], "arg_table", {}), *create_clidriver()._get_argument_table()}
    unknown = [option for option in re.findall(r"(?<!\S)--([a-z0-9-]+)", rest) if option not in known]
    return " ".join(unknown)


@pytest.mark.parametrize("command", of(MAKE))
def test_make_has_the_target_and_takes_its_inputs(command: Command) -> None:
    for target, words in MAKE.findall(command.text):
        assert target in inputs()
        assert set(re.findall(r"\b([A-Z_]+)=", words)) <= inputs()[target]


@pytest.mark.parametrize("command", of(AWS))
def test_the_aws_cli_takes_the_command_or_it_is_said_which_does(command: Command) -> None:
    assert not fault(command) or command.reason == "AWS CLI 2"


def test_what_is_left_out_on_the_local_cloud_is_what_the_pages_mark() -> None:
    marked = {
        f"{command.page.name}: {found['service']} {found['operation']}: {command.reason}"
        for command in documented(AWS)
        if command.reason and (found := AWS.search(command.text))
    }
    assert marked == set(LEFT_OUT.strip().splitlines())


def test_every_target_that_is_named_is_run_by_a_test() -> None:
    named = {target for command in documented(MAKE) for target, _ in MAKE.findall(command.text)}
    assert named == RUN_BY.keys()
    for target, (path, words) in RUN_BY.items():
        assert words in (ROOT / path).read_text(), f"{path} does not run `make {target}` any more"


def test_there_are_commands_to_look_at() -> None:
    assert len(of(MAKE)) > 50
    assert len(of(AWS)) > 20
