"""What the peers are told to build."""

import subprocess
import zipfile
from pathlib import Path
from typing import Any

from bench.copies import age, copy_for_peers, revise
from bench.pip_script import pip_script
from bench.products import products_of
from bench.sam_template import logical_id, sam_template

RECORD: dict[str, Any] = {"handler": None, "runtime": "python3.13", "architecture": "arm64"}
MANIFEST = {
    "functions": {"list_dragons": RECORD | {"handler": "list_dragons.handler.handler"}},
    "layers": {"shared": RECORD},
}


def test_the_template_has_every_function_on_every_layer() -> None:
    resources = sam_template(MANIFEST)["Resources"]
    assert resources["ListDragonsFunction"]["Properties"] == {
        "CodeUri": "functions/list_dragons",
        "Handler": "list_dragons.handler.handler",
        "Runtime": "python3.13",
        "Architectures": ["arm64"],
        "Layers": [{"Ref": "SharedLayer"}],
    }
    assert resources["SharedLayer"]["Properties"]["ContentUri"] == "layers/shared"
    assert resources["SharedLayer"]["Metadata"]["BuildMethod"] == "python3.13"


def test_a_function_at_the_edge_is_on_no_layer() -> None:
    record = MANIFEST["functions"]["list_dragons"] | {"edge": "viewer"}
    resources = sam_template(MANIFEST | {"functions": {"edge_request": record}})["Resources"]
    assert resources["EdgeRequestFunction"]["Properties"]["Layers"] == []


def test_a_logical_id_has_letters_and_digits_alone() -> None:
    assert logical_id("functions", "list_dragons2") == "ListDragons2Function"


def test_the_copy_holds_what_the_template_points_to(tmp_path: Path) -> None:
    copy_for_peers(tmp_path, MANIFEST, "python3.13")
    assert (tmp_path / "functions/list_dragons/list_dragons/handler.py").is_file()
    assert (tmp_path / "layers/shared/requirements.txt").is_file()
    assert (tmp_path / "layers/shared/dragons/config.py").is_file()
    assert (tmp_path / "template.json").is_file()
    assert not list(tmp_path.rglob("__pycache__"))


def test_the_script_zips_functions_by_themselves_and_layers_below_python(tmp_path: Path) -> None:
    for package in ("functions/list_dragons/list_dragons", "layers/shared/dragons"):
        (tmp_path / package).mkdir(parents=True)
        (tmp_path / package / "one.py").write_text("")
    for _ in range(2):
        subprocess.run(["sh", "-c", pip_script(MANIFEST, "no python")], cwd=tmp_path, check=True)
    assert _names(tmp_path / "zips/functions/list_dragons.zip") == {"list_dragons/one.py"}
    assert _names(tmp_path / "zips/layers/shared.zip") == {"python/dragons/one.py"}


def test_products_are_told_by_their_bytes(tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist/a.zip").write_bytes(b"abc")
    before = products_of(tmp_path, "dist/*.zip")
    age(tmp_path, 1)
    assert products_of(tmp_path, "dist/*.zip") == before
    assert (before.size, before.zipped) == (3, True)
    (tmp_path / "dist/a.zip").write_bytes(b"abd")
    assert products_of(tmp_path, "dist/*.zip").digests != before.digests


def test_a_revision_changes_the_body_of_one_function(tmp_path: Path) -> None:
    handler = tmp_path / "handler.py"
    handler.write_text("import json\n")
    revise(handler, 1)
    revise(handler, 22)
    assert handler.read_text() == "import json\n\n\ndef _revision() -> int:\n    return 22\n"


def _names(path: Path) -> set[str]:
    return {name for name in zipfile.ZipFile(path).namelist() if not name.endswith("/")}
