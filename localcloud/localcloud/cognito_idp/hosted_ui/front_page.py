"""The root of a domain: where each app's people sign in, so that the address which Terraform prints answers.

AWS has no such page; there, people come from the app.
"""

from rolo import Request, Response

from localcloud.cognito_idp.hosted_ui import pages
from localcloud.cognito_idp.hosted_ui.domain import Domain
from localcloud.cognito_idp.hosted_ui.identity_providers import supported
from localcloud.cognito_idp.hosted_ui.responses import page, with_parameters


def show(domain: Domain, _request: Request) -> Response:
    """`GET /`: a link for each app client that uses the hosted UI."""
    links = {}
    for client in list(domain.pool.clients.values()):
        settings = client.extended_config
        if (
            settings.get("AllowedOAuthFlowsUserPoolClient")
            and supported(client)
            and settings.get("CallbackURLs")
        ):
            asked = {
                "response_type": "code",
                "client_id": client.id,
                "redirect_uri": settings["CallbackURLs"][0],
            }
            links[settings.get("ClientName") or client.id] = with_parameters(f"{domain.url}/login", asked)
    return page(pages.front(links))
