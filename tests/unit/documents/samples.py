"""A believable content for every template: fictional persons, real layout."""

from __future__ import annotations

from typing import Any

from tests.unit.documents import (
    civil_status_samples,
    form_samples,
    licence_samples,
    result_samples,
    works_samples,
)

SAMPLES: dict[str, dict[str, Any]] = {
    **form_samples.SAMPLES,
    **result_samples.SAMPLES,
    **licence_samples.SAMPLES,
    **civil_status_samples.SAMPLES,
    **works_samples.SAMPLES,
}

SERIES = {
    **civil_status_samples.SERIES,
    **works_samples.SERIES,
    "form02": "HDHS",
    "letter": "QLĐT",
    "record_list": "DS-QLĐT",
    "construction_permit": "GPXD",
    "general_result": "GPVH",
    "household_business_certificate": "GCN-HKD",
    "certified_copy": "SCT/BS",
    "certified_signature": "SCT/CK,ĐC",
    "allowance_decision": "QĐ-SLĐTBXH",
    "rejection": "TB-TCKH",
    "apology": "PXL",
    "extension": "TB-UBND",
    "stopping": "TB-BPTNTKQ",
    "permit_extension": "GPXD-GH",
    "suspension_confirmation": "GXN-TCKH",
    "termination_notice": "TB-TCKH",
    "alcohol_licence": "GP-PKT",
    "food_safety_certificate": "ATTP-CC",
    "team_decision": "QĐ-ATTP",
}
