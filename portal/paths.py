"""Where templates and the like lie: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder of that name: the installed one when there is one, else the checkout's."""
    installed = PACKAGE / name
    return installed if installed.is_dir() else PACKAGE.parent / name


TEMPLATES = folder("templates")
STATIC = folder("static")
MIGRATIONS = folder("migrations")
TRANSLATIONS = folder("translations")
PROGRAMS = folder("programs")
"""Programs by themselves, for whoever has nothing of ours."""
