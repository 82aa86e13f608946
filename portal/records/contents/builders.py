"""Which builder writes the content of which template."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from portal.records.contents import (
    businesses,
    civil_status,
    control_slip,
    fees,
    forms,
    general,
    licences,
    results,
    stopping,
    works,
)
from portal.records.contents.writing import Writing

BUILDERS: Mapping[str, Callable[[Writing], Any]] = {
    "receipt": forms.receipt,
    "fee_receipt": fees.fee_receipt,
    "form01": forms.form01,
    "form02": forms.form02,
    "form03": forms.form03,
    "control_slip": control_slip.control_slip,
    "letter": forms.letter,
    "record_list": forms.record_list,
    "minutes": forms.minutes,
    "construction_permit": results.construction_permit,
    "household_business_certificate": businesses.household_business_certificate,
    "certified_copy": results.certified_copy,
    "certified_signature": results.certified_signature,
    "allowance_decision": results.allowance_decision,
    "permit_extension": licences.permit_extension,
    "suspension_confirmation": licences.suspension_confirmation,
    "termination_notice": licences.termination_notice,
    "alcohol_licence": licences.alcohol_licence,
    "food_safety_certificate": licences.food_safety_certificate,
    "team_decision": licences.team_decision,
    "remedy_report": licences.remedy_report,
    "marital_status": civil_status.marital_status,
    "birth_certificate": civil_status.birth_certificate,
    "civil_status_extract": civil_status.civil_status_extract,
    "pledge": civil_status.pledge,
    "tree_permit": works.tree_permit,
    "road_works_permit": works.road_works_permit,
    "general_result": general.general_result,
    "rejection": results.rejection,
    "apology": forms.apology,
    "extension": forms.extension,
    "stopping": stopping.stopping,
}
