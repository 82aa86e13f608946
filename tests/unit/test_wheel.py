"""The wheel holds everything the program needs, and works away from the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
BESIDE_THE_PACKAGE = ("templates", "static", "migrations", "translations", "programs")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built and unpacked: what pip does without dependencies."""
    place = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)]
    subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True)
    with zipfile.ZipFile(next(place.glob("*.whl"))) as wheel:
        wheel.extractall(place / "installed")
    return place / "installed"


def run_installed(installed: Path, *words: str, elsewhere: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        cwd=elsewhere,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=True,
    )


def files_of(folder: Path) -> Iterator[str]:
    for file in folder.rglob("*"):
        if file.is_file() and "__pycache__" not in file.parts:
            yield str(file.relative_to(folder))


def test_the_wheel_holds_every_file_of_the_program_and_no_other(installed: Path) -> None:
    expected = {f"portal/{name}" for name in files_of(CHECKOUT / "portal")}
    for folder in BESIDE_THE_PACKAGE:
        expected |= {f"portal/{folder}/{name}" for name in files_of(CHECKOUT / folder)}
    found = {name for name in files_of(installed) if ".dist-info/" not in name}
    assert found == expected
    assert "portal/migrations/versions/0001_schema.py" in found


def test_the_installed_program_finds_its_own_folders(installed: Path, tmp_path: Path) -> None:
    names = "p.TEMPLATES, p.STATIC, p.MIGRATIONS, p.TRANSLATIONS, p.PROGRAMS"
    show = f"from portal import paths as p; print({names}, sep='\\n')"
    printed = run_installed(installed, "-c", show, elsewhere=tmp_path).stdout.splitlines()
    assert printed == [str(installed / "portal" / folder) for folder in BESIDE_THE_PACKAGE]


def test_the_installed_program_knows_its_migrations_and_leaves_the_folder_it_is_called_from_alone(
    installed: Path, tmp_path: Path
) -> None:
    printed = run_installed(installed, "-m", "portal", "database", "sql", elsewhere=tmp_path).stdout
    assert "CREATE TABLE record (" in printed
    assert "FORCE ROW LEVEL SECURITY" in printed
    assert list(tmp_path.iterdir()) == []
