"""Why a fee is what it is, in words."""

from __future__ import annotations

from portal.payments.types import FeeLineValue
from portal.records.record_file import FeeView
from portal.web.languages import current_language
from portal.web.translation import gettext as _


def reasons_of(fee: FeeView | FeeLineValue) -> str:
    """How the amount was counted, or why it is not the usual one, and on which law it stands: of one that is owed,
    all as it was then."""
    note = fee.note_en if current_language() == "en" and fee.note_en else fee.note
    basis = _("Căn cứ: %(basis)s", basis=fee.legal_basis) if fee.legal_basis else ""
    return ". ".join(said for said in (note.rstrip("."), basis) if said)
