"""The pages that people see: forms and messages, in the words of Cognito's classic hosted UI.

Source: https://docs.aws.amazon.com/cognito/latest/developerguide/hosted-ui-classic-branding.html

They need no script. Every text goes in through `Markup.format`, which escapes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

STYLE_PATH = "/_aws/cognito-idp/hosted-ui.css"
"""Where the pages' stylesheet is; no domain has a dot in its name."""

_PAGE = Markup(
    """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="{style}">
<link rel="icon" href="data:,">
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
_TEXT = Markup("<p>{text}</p>")
_ASIDE = Markup('<p>{text} <a href="{url}">{label}</a></p>')
_FORM = Markup(
    """<form method="post" action="{action}">
<input type="hidden" name="_csrf" value="{csrf}">
{parts}
</form>"""
)
_HIDDEN = Markup('<input type="hidden" name="{name}" value="{value}">')
_FIELD = Markup('<p><label for="{id}">{label}</label>\n<input {attributes} required></p>')
_HINTS = Markup('<ul id="{id}">{items}</ul>')
_ITEM = Markup("<li>{text}</li>")
_BUTTON = Markup('<p><button name="{name}">{label}</button></p>')
_RESEND = Markup(
    "<p>Didn't receive a code? "
    '<button name="resend" formaction="{url}" formnovalidate>Resend it</button></p>'
)


@dataclass(frozen=True)
class Field:
    """One input of a form, with its label.

    Attributes:
        hints: What is said of it below.
        attributes: More of the input's, such as `type`; an `id`, if it is not the name.
    """

    name: str
    label: str
    hints: tuple[str, ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)

    def markup(self) -> Markup:
        """The label, the input and the hints."""
        hints_id = f"{self.name}-hints"
        known = {"id": self.name, "name": self.name} | dict(self.attributes)
        known |= {"aria-describedby": hints_id} if self.hints else {}
        attributes = Markup(" ").join(Markup('{}="{}"').format(name, value) for name, value in known.items())
        line = _FIELD.format(id=known["id"], label=self.label, attributes=attributes)
        items = Markup("").join(_ITEM.format(text=hint) for hint in self.hints)
        return line + (_HINTS.format(id=hints_id, items=items) if self.hints else Markup())


@dataclass(frozen=True)
class Form:
    """A page with a form, or without fields with links alone.

    Attributes:
        action: Where it goes.
        button: Its name and its label.
        asides: What else people may want: a text, the address behind it, and the words to press.
        resend: Where the button goes that asks for another code, if there is one.
    """

    title: str
    action: str
    button: tuple[str, str]
    fields: tuple[Field, ...]
    text: str = ""
    hidden: Mapping[str, str] = field(default_factory=dict)
    asides: tuple[tuple[str, str, str], ...] = ()
    resend: str = ""


def form(shown: Form, csrf: str, error: str) -> Markup:
    """A page where somebody fills something in.

    Args:
        shown: What is on it.
        csrf: What proves that the form is of this page.
        error: Why the last attempt failed; empty for none.
    """
    parts = [_HIDDEN.format(name=name, value=value) for name, value in shown.hidden.items()]
    parts += [each.markup() for each in shown.fields]
    parts.append(_BUTTON.format(name=shown.button[0], label=shown.button[1]))
    parts += [_RESEND.format(url=shown.resend)] if shown.resend else []
    filled = _FORM.format(action=shown.action, csrf=csrf, parts=Markup("\n").join(parts))
    return _page(
        shown.title,
        *([_MESSAGE.format(role="alert", text=error)] if error else []),
        *([_TEXT.format(text=shown.text)] if shown.text else []),
        *([filled] if shown.fields else []),
        *(_ASIDE.format(text=text, url=url, label=label) for text, url, label in shown.asides),
    )


def front(apps: Mapping[str, str]) -> Markup:
    """Where each app's people sign in, by the app's name."""
    links = [_ASIDE.format(text="", url=url, label=f"Sign in to {app}") for app, url in apps.items()]
    return _page("Sign in", *links) if links else message("Sign in", "No app signs people in here.")


def message(title: str, text: str) -> Markup:
    """A page that says something and goes nowhere."""
    return _page(title, _MESSAGE.format(role="status", text=text))


def _page(title: str, *parts: Markup) -> Markup:
    return _PAGE.format(title=title, style=STYLE_PATH, body=Markup("\n").join(parts))
