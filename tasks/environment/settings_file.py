"""`settings.tf`, the values of an environment, as far as commands need them before Terraform runs."""

import re
from dataclasses import dataclass
from pathlib import Path

from tasks.environment.paths import ROOT
from tasks.processes.steps import StepError

_PLACEHOLDER = re.compile(r'"([^"]*\.example(?::\d+)?(?:/[^"]*)?)"')


@dataclass(frozen=True)
class SettingsFile:
    """The `settings.tf` of an environment.

    Attributes:
        path: Where it is.
    """

    path: Path

    @property
    def shown(self) -> str:
        """Its path, as people write it."""
        return str(self.path.relative_to(ROOT))

    @property
    def region(self) -> str:
        """The region of AWS that everything is in.

        Raises:
            StepError: It names none.
        """
        return self._value("region", '"([^"]*)"', 'region = "us-east-1"')

    @property
    def protects_data(self) -> bool:
        """Whether it keeps AWS from deleting tables, people and the dataset.

        Raises:
            StepError: It does not say.
        """
        return self._value("protect_data", "(true|false)", "protect_data = true") == "true"

    @property
    def account_id(self) -> str:
        """The account that everything is in; empty as long as nobody has chosen.

        Raises:
            StepError: It names none.
        """
        return self._value("account_id", '"([^"]*)"', 'account_id = "123456789012"')

    def require_own_domains(self) -> None:
        """Make sure that no domain is a placeholder: a site that nobody can own is one nobody signs in to.

        Raises:
            StepError: Some end with `.example`, which RFC 2606 keeps for examples.
        """
        found = [
            (number, name)
            for number, line in enumerate(self.path.read_text().splitlines(), 1)
            for name in _PLACEHOLDER.findall(line.partition(" #")[0])
        ]
        if found:
            (first, name), others = found[0], sorted({number for number, _ in found[1:]} - {found[0][0]})
            also = f"; also in line {', '.join(map(str, others))}" if others else ""
            raise StepError(
                f"{self.shown}:{first}: {name} is a placeholder{also}",
                "write your site's own address there, or http://localhost:3000 alone to begin with",
            )

    def change(self, name: str, value: str) -> bool:
        """Write another text into it, unless it is that one.

        Args:
            name: Of a value that is a text, such as `region`.
            value: The text.

        Returns:
            Whether it was changed.

        Raises:
            StepError: It names none.
        """
        before = self._value(name, '"([^"]*)"', f'{name} = "{value}"')
        if before == value:
            return False
        pattern = re.compile(rf'^(\s*{name}\s*=\s*"){re.escape(before)}"', re.MULTILINE)
        self.path.write_text(pattern.sub(rf'\g<1>{value}"', self.path.read_text(), count=1))
        return True

    def _value(self, name: str, pattern: str, example: str) -> str:
        found = re.search(rf"^\s*{name}\s*=\s*{pattern}", self.path.read_text(), re.MULTILINE)
        if found is None:
            raise StepError(f"{self.shown} does not say {name}", f"write a line such as {example}")
        return found[1]
