"""Who signs in to the demonstration: what the sign-in page, the README and `portal demo accounts` show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.demonstration.officials import read_names


@dataclass(frozen=True)
class SampleCitizen:
    """A person with an identity number that can be and belongs to nobody."""

    id_number: str
    name: str
    birth_date: date
    gender: str
    phone: str
    address: str
    place: str
    description: str
    description_en: str
    email: str = ""


@dataclass(frozen=True)
class SampleOrganisation:
    name: str
    tax_code: str
    address: str
    place: str
    representative: str


CITIZENS = (
    SampleCitizen(
        id_number="092085001234",
        name="Nguyễn Mẫu An",
        birth_date=date(1985, 3, 12),
        gender="male",
        phone="+84900000001",
        email="an@nguoidan.example",
        address="Số 12 đường Mẫu",
        place="31117",
        description="Người dân, phường Cái Khế",
        description_en="citizen, Cái Khế Ward",
    ),
    SampleCitizen(
        id_number="092190004321",
        name="Trần Mẫu Bình",
        birth_date=date(1990, 9, 2),
        gender="female",
        phone="+84900000002",
        email="binh@nguoidan.example",
        address="Số 34 đường Mẫu",
        place="31312",
        description="Người dân, xã Mỹ Khánh",
        description_en="citizen, Mỹ Khánh Commune",
    ),
    SampleCitizen(
        id_number="094304000777",
        name="Lê Mẫu Chi",
        birth_date=date(2004, 11, 20),
        gender="female",
        phone="+84900000003",
        email="chi@nguoidan.example",
        address="Số 56 đường Mẫu",
        place="31135",
        description="Người đại diện của Công ty TNHH Mẫu Phù Sa",
        description_en="representative of Mẫu Phù Sa Company Limited",
    ),
)

ORGANISATION = SampleOrganisation(
    name="Công ty TNHH Mẫu Phù Sa",
    tax_code="1899000007",
    address="Số 56 đường Mẫu",
    place="31135",
    representative="094304000777",
)

ADMINISTRATORS = {"quantri": "Ngô Mẫu Quản", "quantri2": "Đỗ Mẫu Duyên"}
"""Two of them: who writes a definition does not publish it."""

ADMINISTRATOR_UNIT = "stttt"

SHOWN = (
    ("ck.ju1", "Tiếp nhận và tư pháp, phường Cái Khế", "reception and justice, Cái Khế Ward"),
    ("ck.lb1", "Tiếp nhận và chính sách xã hội, phường Cái Khế", "reception and social policy, Cái Khế Ward"),
    ("ck.cl1", "Trưởng một cửa và văn thư, phường Cái Khế", "head of the counter and clerk, Cái Khế Ward"),
    ("ck.lr1", "Chủ tịch UBND phường Cái Khế", "chair, Cái Khế Ward"),
    ("nk.mc.rec1", "Tiếp nhận, quận Ninh Kiều", "reception, Ninh Kiều District"),
    ("nk.mc.cl1", "Trưởng một cửa, quận Ninh Kiều", "head of the counter, Ninh Kiều District"),
    ("nk.qldt.hd1", "Trưởng phòng Quản lý đô thị, quận Ninh Kiều", "head of urban management, Ninh Kiều District"),
    ("nk.qldt.sp1", "Chuyên viên Quản lý đô thị, quận Ninh Kiều", "urban management, Ninh Kiều District"),
    ("nk.tckh.hd1", "Trưởng phòng Tài chính – Kế hoạch, quận Ninh Kiều", "head of finance, Ninh Kiều District"),
    ("nk.tckh.sp1", "Chuyên viên Tài chính – Kế hoạch, quận Ninh Kiều", "finance and planning, Ninh Kiều District"),
    ("nk.tckh.ck1", "Văn thư phòng Tài chính – Kế hoạch, quận Ninh Kiều", "clerk of finance, Ninh Kiều District"),
    ("nk.vp.ck1", "Văn thư UBND quận Ninh Kiều", "clerk, Ninh Kiều District"),
    ("nk.lr1", "Chủ tịch UBND quận Ninh Kiều", "chair, Ninh Kiều District"),
    ("pccc.sp1", "Cảnh sát PCCC thành phố", "fire police of the city"),
    ("pccc.hd1", "Trưởng phòng Cảnh sát PCCC thành phố", "head of the fire police of the city"),
    ("pvhcc.rec1", "Tiếp nhận, Trung tâm Phục vụ hành chính công", "reception, Public Administration Service Centre"),
    ("sldtbxh.hd1", "Trưởng phòng, Sở Lao động", "head of division, Department of Labour"),
    ("sldtbxh.sp1", "Chuyên viên, Sở Lao động", "Department of Labour"),
    ("sldtbxh.lr1", "Giám đốc Sở Lao động", "director, Department of Labour"),
    ("sldtbxh.ck1", "Văn thư Sở Lao động", "clerk, Department of Labour"),
    ("stc.sp1", "Giữ sổ tiền, Sở Tài chính", "keeps the accounts, Department of Finance"),
    ("stc.hd1", "Trưởng phòng, Sở Tài chính", "head of division, Department of Finance"),
    ("tp.lr1", "Chủ tịch UBND thành phố", "chair of the city"),
    ("quantri", "Quản trị", "administrator"),
    ("quantri2", "Quản trị, người duyệt thứ hai", "administrator, the second officer"),
)
"""The accounts of the tour; every other official of the city has one too, named `<unit>.<role><number>`."""


def list_accounts(language: str = "vi") -> list[tuple[str, str]]:
    """Sign-in name and what the person is, in the order of a tour from the citizen to the city."""
    english = language == "en"
    names = {**read_names(), **ADMINISTRATORS}
    citizens = [
        (citizen.id_number, f"{citizen.name}: {citizen.description_en if english else citizen.description}")
        for citizen in CITIZENS
    ]
    return citizens + [
        (login, f"{names[login]}: {description_en if english else description}")
        for login, description, description_en in SHOWN
    ]
