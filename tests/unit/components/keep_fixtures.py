"""Keep the fixtures that our macros answer: `python -m tests.unit.components.keep_fixtures FOLDER`.

FOLDER is `node_modules/govuk-frontend/dist/govuk/components`. A fixture with an option that no page uses is left out,
and the menu button of the service navigation, which ours does not have, is cut from its markup.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from tests.unit.components.options import COMPONENTS, Unused

MENU_BUTTON = re.compile(r'<button type="button" class="govuk-service-navigation__toggle.*?</button>', re.DOTALL)
KEPT = Path(__file__).resolve().parent / "fixtures"


def keep(folder: Path) -> None:
    KEPT.mkdir(exist_ok=True)
    for name, (theirs, arguments) in COMPONENTS.items():
        fixtures = json.loads((folder / theirs / "fixtures.json").read_text())["fixtures"]
        kept = []
        for fixture in fixtures:
            try:
                arguments(fixture["options"])
            except Unused:
                continue
            html = MENU_BUTTON.sub("", fixture["html"])
            kept.append({"name": fixture["name"], "options": fixture["options"], "html": html})
        (KEPT / f"{name}.json").write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n")
        sys.stdout.write(f"{name}: {len(kept)} of {len(fixtures)}\n")


if __name__ == "__main__":
    keep(Path(sys.argv[1]))
