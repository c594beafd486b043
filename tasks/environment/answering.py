"""Whether a system answers at all, before anything waits for it in vain."""

import urllib.error
import urllib.request

from tasks.processes.steps import StepError

SECONDS = 15.0


def require(url: str, remedy: str, *, past_proxies: bool = False) -> None:
    """Make sure that a URL answers, whatever it says.

    Args:
        url: Of HTTP.
        remedy: What to do if it does not.
        past_proxies: Whether the shell's proxies are left out, as for a local cloud.

    Raises:
        StepError: Nothing answers in a quarter of a minute, or no more than that the service is down.
    """
    proxies = [urllib.request.ProxyHandler({})] if past_proxies else []
    try:
        with urllib.request.build_opener(*proxies).open(url, timeout=SECONDS):
            return
    except urllib.error.HTTPError as error:
        error.close()
        if error.code < 500:
            return
        fault = f"answers with {error.code}"
    except OSError as error:
        fault = f"does not answer ({getattr(error, 'reason', error)})"
    raise StepError(f"{url} {fault}", remedy)
