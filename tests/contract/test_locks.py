"""What the layers ship is what the unit tests run with."""

from pathlib import Path

import pytest

from packager.lock import Requirement, read_lock

ROOT = Path(__file__).parents[2]
LAYERS = sorted(ROOT.glob("layers/*/requirements.txt"))


def pins(path: Path) -> dict[str, Requirement]:
    locked = read_lock(str(path), str(path.relative_to(ROOT))).requirements
    return {requirement.name: requirement for requirement in locked}


@pytest.mark.parametrize("path", LAYERS, ids=lambda path: path.parent.name)
def test_a_layers_versions_are_those_of_the_tests(path: Path) -> None:
    layer, development = pins(path), pins(ROOT / "requirements/dev.txt")
    assert layer
    assert {name: development.get(name) for name in layer} == layer
