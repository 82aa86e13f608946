"""Cut the two weights of Be Vietnam Pro down to what the pages write: Latin-1 and the letters of Vietnamese."""

import sys
from pathlib import Path

import fontpkg_be_vietnam_pro
from fontTools import subset

STATIC = Path(__file__).resolve().parent.parent / "static" / "fonts"
SOURCE = Path(fontpkg_be_vietnam_pro.ROOT)
WEIGHTS = {"Regular": 400, "SemiBold": 600}
CHARACTERS = (
    "U+20-7E,U+A0-FF,U+102-103,U+110-111,U+128-129,U+168-169,U+1A0-1A1,U+1AF-1B0,U+1EA0-1EF9,"
    "U+2013,U+2014,U+2018,U+2019,U+201C,U+201D,U+2022,U+2026,U+20AB"
)


def cut(source: Path, target: Path) -> None:
    """Write the subset of `source` as WOFF2, without hints and with kerning alone."""
    subset.main(
        [
            str(source),
            f"--unicodes={CHARACTERS}",
            "--flavor=woff2",
            "--no-hinting",
            "--desubroutinize",
            "--layout-features=kern",
            f"--output-file={target}",
        ]
    )


def main() -> int:
    STATIC.mkdir(parents=True, exist_ok=True)
    for name, weight in WEIGHTS.items():
        cut(SOURCE / "files" / f"BeVietnamPro-{name}.ttf", STATIC / f"be-vietnam-pro-{weight}.woff2")
    (STATIC / "OFL.txt").write_bytes((SOURCE / "LICENSE").read_bytes())
    return 0


if __name__ == "__main__":
    sys.exit(main())
