"""What of the caller's settings reaches pip and uv."""

import shutil
from pathlib import Path

import pytest

from packager.errors import BuildError
from packager.pip_settings import neutral_environment, pip_environment, uv_environment

BENT = {
    "PIP_CONSTRAINT": "/theirs/constraints.txt",
    "PIP_DRY_RUN": "1",
    "PIP_NO_BINARY": ":all:",
    "PIP_PLATFORM": "win32",
    "PIP_PREFIX": "/theirs",
    "PIP_PYTHON": "/theirs/python",
    "PIP_QUIET": "3",
    "PIP_REQUIREMENT": "/theirs/requirements.txt",
    "PIP_REQUIRE_VIRTUALENV": "1",
    "PIP_TARGET": "/theirs",
    "PIP_USER": "1",
}
KEPT = {
    "HTTPS_PROXY": "http://proxy.invalid",
    "PIP_CERT": "/theirs/ca.pem",
    "PIP_EXTRA_INDEX_URL": "https://one.invalid https://two.invalid",
    "PIP_FIND_LINKS": "/theirs/wheels",
    "PIP_INDEX_URL": "https://index.invalid",
    "PIP_NO_CACHE_DIR": "1",
    "PIP_TIMEOUT": "7",
    "PIP_TRUSTED_HOST": "index.invalid",
}
PYTHONS = {
    "PYTHONPATH": "/theirs",
    "PYTHONHOME": "/theirs",
    "PYTHONSTARTUP": "/theirs",
    "VIRTUAL_ENV": "/theirs",
}


def pip(environ: dict[str, str], command: str = "download") -> dict[str, str]:
    python = shutil.which("python3")
    assert python is not None
    found = pip_environment(python, command, {"PIP_CONFIG_FILE": "/dev/null"} | environ)
    assert found is not None
    return found


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    """A pip.conf of a user."""
    path = tmp_path / "pip.conf"
    path.write_text(
        "[global]\nrequire-virtualenv = true\ntarget = /theirs\ntimeout = 5\nquiet = 3\n"
        "find-links = /one\n   /two\n"
        "[install]\nuser = true\nindex_url = https://install.invalid\n"
        "[download]\ntimeout = 6\nplatform = win32\n",
        encoding="utf-8",
    )
    return {"PIP_CONFIG_FILE": str(path)}


def test_pip_keeps_how_packages_are_reached_alone() -> None:
    found = pip(BENT | KEPT | PYTHONS | {"PATH": "/bin"})
    assert found == KEPT | {"PATH": "/bin", "PIP_CONFIG_FILE": "/dev/null", "PYTHONSAFEPATH": "1"}


def test_the_same_goes_for_files_of_settings(settings: dict[str, str]) -> None:
    found = pip(settings)
    assert found["PIP_CONFIG_FILE"] == "/dev/null"
    assert found["PIP_FIND_LINKS"].split() == ["/one", "/two"]
    assert found["PIP_TIMEOUT"] == "6"
    assert not found.keys() & BENT.keys()


def test_a_file_has_a_section_for_each_command_and_variables_come_first(settings: dict[str, str]) -> None:
    assert pip(settings, "install")["PIP_INDEX_URL"] == "https://install.invalid"
    assert pip(settings | {"PIP_TIMEOUT": "8"})["PIP_TIMEOUT"] == "8"


def test_settings_that_pip_cannot_read(tmp_path: Path) -> None:
    path = tmp_path / "pip.conf"
    path.write_text("no settings\n", encoding="utf-8")
    with pytest.raises(BuildError, match=r"^pip: correct its settings: .*pip\.conf"):
        pip({"PIP_CONFIG_FILE": str(path)})


def test_uv_keeps_how_packages_are_reached_alone() -> None:
    kept = {
        "UV_DEFAULT_INDEX": "https://index.invalid",
        "UV_INDEX_PRIVATE_REGISTRY_PASSWORD": "secret",
        "UV_HTTP_TIMEOUT": "7",
        "UV_CACHE_DIR": "/theirs",
        "SSL_CERT_FILE": "/theirs/ca.pem",
    }
    bent = {
        "UV_CONSTRAINT": "/theirs",
        "UV_EXCLUDE_NEWER": "2020-01-01",
        "UV_PYTHON": "3.9",
        "UV_REQUIRE_HASHES": "0",
        "UV_SYSTEM_PYTHON": "1",
        "UV_TARGET": "/theirs",
    }
    assert uv_environment(kept | bent | PYTHONS) == kept


def test_a_neutral_environment_has_no_python_of_the_caller() -> None:
    kept = {"PYTHONUSERBASE": "/theirs", "PIP_USER": "1", "UV_PYTHON": "3.9"}
    assert neutral_environment(kept | PYTHONS | {"CONDA_PREFIX": "/theirs"}) == kept
