"""`make up`: the whole system on this machine, with the sample dragons."""

import argparse

from tasks.environment.bring_up import bring_up
from tasks.environment.cloud import FOLDER
from tasks.environment.environment import Environment
from tasks.processes import children
from tasks.processes.alone import alone
from tasks.processes.steps import say
from tasks.rollout.around_apply import tell_held

LOCAL_ONLY = "to deploy {env}, `make apply ENV={env}`"
ANY_PORT = True  # the cloud itself has more to say of another port


def run(environment: Environment, _arguments: argparse.Namespace) -> None:
    """Bring the system up and say where it is.

    Raises:
        StepError: A step failed; running it again goes on from there.
    """
    cloud = environment.cloud
    with alone(FOLDER.name):
        try:
            outputs, changed = bring_up(cloud, environment.root)
        finally:
            if (pid := cloud.pid()) is not None:
                children.untie(pid)
    tell_held(outputs)
    api = outputs["rest_api_url"]
    say("")
    say("Dragons is up." if changed else "Dragons is up. Nothing changed.")
    say(f"  Site       {outputs['site_url']}")
    say(f"  REST API   {api}")
    say(f"  HTTP API   {outputs['http_api_url']}")
    say(f"  Sign-in    {outputs['hosted_ui_url']}")
    say(f"  AWS        {cloud.endpoint}  (us-east-1, test/test)")
    say("Try:")
    say(f"  curl '{api}/dragons?family=red&limit=2'")
    say("  make token USER=ann@example.org")
    say(f"  curl '{api}/dragons' -H \"Authorization: $(make -s token USER=ann@example.org)\" \\")
    say("    -H 'Content-Type: application/json' -d @tests/fixtures/report.json")
