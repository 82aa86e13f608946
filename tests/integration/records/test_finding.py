"""Search words of records: the database folds as the portal does, and asks its index."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import text

from portal.core.actor import SYSTEM
from portal.core.text import folded
from portal.core.unit_of_work import reading
from tests.cluster import DatabaseUrls

PLAN = """
EXPLAIN SELECT code FROM record
WHERE unit_ids && (SELECT app.units()) AND app.search_words(applicant_name || ' ' || code) @@ '''dang'':*'::tsquery
"""


@pytest.mark.usefixtures("city")
@pytest.mark.parametrize(
    "said",
    [
        "Đặng Thị Ưu Tú",
        "NGUYỄN  văn-Ỷ",
        "Công ty TNHH Mẫu Phù Sa (chi nhánh 2)",
        "Müller Ñandú",
        "000.18.01.H13-261109-0007",
    ],
)
def test_the_database_folds_a_name_as_the_portal_does(said: str) -> None:
    with reading(SYSTEM) as session:
        words = session.execute(text("SELECT tsvector_to_array(app.search_words(:said))"), {"said": said}).scalar_one()
    assert words == sorted(set(folded(said).split()))


def test_the_search_asks_the_index(shared_database: DatabaseUrls) -> None:
    with psycopg.connect(shared_database.owner) as owner:
        owner.execute("SET LOCAL enable_seqscan = off")  # the table is empty: reading all of it would cost nothing
        plan = "\n".join(row[0] for row in owner.execute(PLAN))
    assert "Bitmap Index Scan on ix_record_found_by" in plan
