"""The package is of no project: it names none, and its tests import nothing from beside it."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
OUTSIDE = {"build", "contract", "packager", "samples", "support", "tasks", "unit"}


def test_it_names_no_project() -> None:
    texts = [
        path for path in PACKAGE.rglob("*") if path.suffix in {".md", ".py", ".tf", ".toml", ".txt", ".in"}
    ]
    assert len(texts) > 100
    naming = [str(path) for path in texts if path != Path(__file__) and "dragon" in path.read_text().lower()]
    assert naming == []


def test_its_tests_import_nothing_from_outside() -> None:
    imported = {
        module.partition(".")[0]
        for path in PACKAGE.glob("tests/*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        for module in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else []
        )
    }
    assert "localcloud" in imported
    assert not imported & OUTSIDE
