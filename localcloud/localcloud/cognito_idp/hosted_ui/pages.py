"""The pages that people see: forms and messages, as plain as they can be.

Every text goes in through `Markup.format`, which escapes it.
"""

from collections.abc import Mapping

from markupsafe import Markup

_PAGE = Markup(
    """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
</head>
<body>
<main>
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""
)
_MESSAGE = Markup('<p role="{role}">{text}</p>')
_LINK = Markup('<p><a href="{url}">Sign in {how}</a></p>')
_SIGN_IN = Markup(
    """<form method="post" action="{action}">
<input type="hidden" name="_csrf" value="{csrf}">
<p><label>User name or e-mail <input name="username" autocomplete="username" required></label></p>
<p><label>Password
<input type="password" name="password" autocomplete="current-password" required></label></p>
<p><button>Sign in</button></p>
</form>"""
)
_QUESTION = Markup(
    """<form method="post" action="{action}">
<input type="hidden" name="_csrf" value="{csrf}">
<input type="hidden" name="session" value="{session}">
<p><label>{label} <input {attributes} required></label></p>
<p><button>Continue</button></p>
</form>"""
)
_QUESTIONS = {
    "NEW_PASSWORD_REQUIRED": (
        "Choose a new password",
        Markup('type="password" name="new_password" autocomplete="new-password"'),
    ),
    "SOFTWARE_TOKEN_MFA": (
        "Enter the code of your authenticator app",
        Markup('name="code" inputmode="numeric" autocomplete="one-time-code"'),
    ),
}


def sign_in(action: str, csrf: str, error: str, *, by_password: bool, providers: Mapping[str, str]) -> Markup:
    """Where somebody signs in.

    Args:
        action: Where the form goes.
        csrf: What proves that the form is of this page.
        error: Why the last attempt failed; empty for none.
        by_password: Whether there is a form for a password.
        providers: The addresses behind which other identity providers sign people in, by their names.
    """
    links = [_LINK.format(url=url, how=f"with {provider}") for provider, url in providers.items()]
    form = [_SIGN_IN.format(action=action, csrf=csrf)] if by_password else []
    return _page("Sign in", *_alert(error), *form, *links)


def front(apps: Mapping[str, str]) -> Markup:
    """Where each app's people sign in, by the app's name."""
    links = [_LINK.format(url=url, how=f"to {app}") for app, url in apps.items()]
    return _page("Sign in", *links) if links else message("Sign in", "No app signs people in here.")


def question(action: str, csrf: str, challenge: tuple[str, str], error: str) -> Markup:
    """Where somebody responds to a challenge, of which there are the name and the session."""
    title, attributes = _QUESTIONS[challenge[0]]
    form = _QUESTION.format(
        action=action, csrf=csrf, session=challenge[1], label=title, attributes=attributes
    )
    return _page(title, *_alert(error), form)


def message(title: str, text: str) -> Markup:
    """A page that says something and goes nowhere."""
    return _page(title, _MESSAGE.format(role="status", text=text))


def _alert(error: str) -> list[Markup]:
    return [_MESSAGE.format(role="alert", text=error)] if error else []


def _page(title: str, *parts: Markup) -> Markup:
    return _PAGE.format(title=title, body=Markup("\n").join(parts))
