"""Wheels: the cache, what is kept of them, and what is refused."""

from pathlib import Path

import pytest

from packager.errors import BuildError
from packager.wheels import default_cache
from unit.build.repository import Repository, lock_line, wheel_bytes

LOCK = "layers/shared/requirements.txt"


@pytest.fixture
def locked(repository: Repository) -> Repository:
    repository.write(LOCK, repository.add_wheel("tiny", "1.0", {"tiny.py": "X = 1\n"}))
    return repository


def _rebuild(repository: Repository) -> int:
    (repository.root / "dist/layers/shared.zip").unlink(missing_ok=True)
    return repository.build()


def _cached(repository: Repository) -> Path:
    [wheel] = repository.cache.rglob("*.whl")
    return wheel


def test_wheels_are_fetched_once(locked: Repository) -> None:
    assert [_rebuild(locked), _rebuild(locked)] == [0, 0]
    assert locked.fetches == 1


def test_a_damaged_cache_is_fetched_again(locked: Repository) -> None:
    _rebuild(locked)
    whole = _cached(locked).read_bytes()
    _cached(locked).write_bytes(whole[:-1])
    assert _rebuild(locked) == 0
    assert locked.fetches == 2
    assert _cached(locked).read_bytes() == whole


def test_a_half_download_is_never_used(
    locked: Repository, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop_half_way(lock: object, target: object, folder: str) -> None:
        Path(folder, "tiny-1.0-py3-none-any.whl").write_bytes(b"PK")
        raise BuildError("the line went dead; try again")

    with monkeypatch.context() as patch:
        patch.setattr(locked, "fetch", stop_half_way)
        assert locked.build() == 1
    assert capsys.readouterr().err == "error: the line went dead; try again\n"
    assert list((locked.cache / "wheels").iterdir()) == []
    assert locked.build() == 0


def test_a_wheel_that_is_not_the_locked_one(locked: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    other = wheel_bytes("tiny", "1.0", {"tiny.py": "X = 2\n"})
    (locked.index / "tiny-1.0-py3-none-any.whl").write_bytes(other)
    assert locked.build() == 1
    assert f"{LOCK}: tiny==1.0 came as tiny-1.0-py3-none-any.whl" in capsys.readouterr().err
    assert not list(locked.cache.rglob("*.whl"))


def test_a_wheel_that_did_not_come(locked: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    (locked.index / "tiny-1.0-py3-none-any.whl").unlink()
    assert locked.build() == 1
    assert f"{LOCK}: tiny==1.0 was not downloaded" in capsys.readouterr().err


def test_only_what_belongs_into_site_packages_is_kept(repository: Repository) -> None:
    data = "tiny-1.0.data"
    kept = {
        "tiny/__init__.py": "",
        "tiny/.libs/lib.so": "elf",
        "tiny-1.0.dist-info/licenses/LICENSE": "free",
        f"{data}/purelib/pure.py": "p",
        f"{data}/platlib/plat/native.so": "n",
    }
    left_out = {
        f"{data}/scripts/tiny": "#!python",
        f"{data}/headers/tiny.h": "h",
        f"{data}/data/share/tiny.txt": "d",
        "tiny/__pycache__/x.cpython-313.pyc": "c",
    }
    repository.write(LOCK, repository.add_wheel("tiny", "1.0", kept | left_out))
    repository.build()
    assert set(repository.zipped("layers/shared")) == {
        "python/tiny/__init__.py",
        "python/tiny/.libs/lib.so",
        "python/tiny-1.0.dist-info/licenses/LICENSE",
        "python/tiny-1.0.dist-info/METADATA",
        "python/tiny-1.0.dist-info/WHEEL",
        "python/tiny-1.0.dist-info/RECORD",
        "python/pure.py",
        "python/plat/native.so",
    }


def test_two_wheels_may_write_the_same_content(repository: Repository) -> None:
    lines = [
        repository.add_wheel(name, "1.0", {"space/__init__.py": "", f"space/{name}.py": name})
        for name in ("one", "two")
    ]
    repository.write(LOCK, "".join(lines))
    assert repository.build() == 0
    assert {"python/space/one.py", "python/space/two.py"} < set(repository.zipped("layers/shared"))


def test_two_wheels_must_not_write_other_content(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = [repository.add_wheel(name, "1.0", {"same.py": name}) for name in ("one", "two")]
    repository.write(LOCK, "".join(lines))
    assert repository.build() == 1
    assert capsys.readouterr().err == (
        "error: two-1.0-py3-none-any.whl: writes 'python/same.py', which "
        "one-1.0-py3-none-any.whl writes with other content; keep only one of the two\n"
    )


def test_a_path_that_leaves_the_wheel(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    repository.write(LOCK, repository.add_wheel("evil", "1.0", {"../../evil.py": ""}))
    assert repository.build() == 1
    assert "evil-1.0-py3-none-any.whl: the path '../../evil.py'" in capsys.readouterr().err


def test_a_wheel_that_is_no_zip(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    (repository.index / "tiny-1.0-py3-none-any.whl").write_bytes(b"text")
    repository.write(LOCK, lock_line("tiny", "1.0", b"text"))
    assert repository.build() == 1
    assert "tiny-1.0-py3-none-any.whl: damaged wheel" in capsys.readouterr().err


def test_a_layer_locks_all_that_its_wheels_require(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    metadata = (
        "Requires-Dist: Not_Locked>=1\nRequires-Dist: tiny (>=1)\n"
        "Requires-Dist: perhaps; python_version < '3.12'\n\nRequires-Dist: prose\n"
    )
    big = repository.add_wheel("big", "1.0", {"big.py": ""}, metadata)
    tiny = repository.add_wheel("tiny", "1.0", {"tiny.py": ""})
    repository.add_function("list_dragons", requirements=big)  # the layer may hold the rest
    assert repository.build() == 0
    repository.write(LOCK, big + tiny)
    assert repository.build() == 1
    assert capsys.readouterr().err == (
        f"error: {LOCK}: big-1.0-py3-none-any.whl requires Not_Locked, which is not locked; "
        "lock the whole set anew\n"
    )


def test_the_cache_is_where_the_user_keeps_caches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", "/caches")
    assert default_cache() == "/caches/dragons"
    for not_absolute in ("", "relative"):
        monkeypatch.setenv("XDG_CACHE_HOME", not_absolute)
        assert default_cache() == str(Path.home() / ".cache/dragons")
