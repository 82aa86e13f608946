"""Three matters carried from a citizen's phone to the result, through every desk, in a real browser."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.journeys.desk import act, file_of, fill_in, pay, send, sign_in_a_row, supply
from tests.journeys.visitor import Visitor

CITIZEN, NAME = "092190004321", "Trần Mẫu Bình"
CAI_KHE = "31117"


def text_of(pdf: Path) -> str:
    command = ["/usr/bin/pdftotext", "-layout", str(pdf), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_a_construction_permit_goes_through_commune_district_and_city(visitor: Visitor, tmp_path: Path) -> None:
    visitor.open("/").fill({"q": "xay nha"}).press("Tìm").follow("Xây nhà", within="main")
    visitor.sign_in(CITIZEN)
    draft = fill_in(
        visitor,
        "1.009994",
        start={"place": CAI_KHE, "level": "commune", "filer": "self", "consent": "yes"},
        pages={
            "applicant": {"return_by": "online"},
            "site": {
                "plot_no": "245",
                "map_sheet": "18",
                "plot_m2": "96,5",
                "plot_commune": CAI_KHE,
                "tenure": "owned",
                "adjacent": "no",
                "planning_zone": "yes",
            },
            "building": {
                "grade": "IV",
                "use": "mixed",
                "footprint_m2": "72",
                "floors-0-kind": "ground",
                "floors-0-area_m2": "72",
                "total_floor_m2": "72",
                "height_m": "4,5",
                "floors_above": "1",
            },
            "design": {"designer": "self", "months": "6"},
        },
    )
    supply(visitor, draft, "drawings", file_of(tmp_path, "drawings.pdf"))
    record, secret = send(visitor, draft)
    visitor.open(f"/ho-so/{record}/cho-lay-du-lieu")  # the land register stands for the paper
    pay(visitor, record)

    act(visitor, "ck.ju1", record, "Tiếp nhận hồ sơ")
    act(visitor, "ck.ju1", record, "Chuyển hồ sơ đi giải quyết")
    act(visitor, "nk.qldt.hd1", record, "Phân công", {"assignee_id": "Lê Mẫu Nền"})
    act(visitor, "nk.qldt.sp1", record, "Hỏi ý kiến và kiểm tra thực địa", {"question": "Công trình có phù hợp không?"})
    act(visitor, "nk.qldt.hd1", record, "Duyệt và gửi văn bản")
    act(visitor, "pccc.sp1", record, "Trình ý kiến", {"verdict": "agree"})
    act(visitor, "sxd.sp1", record, "Trình ý kiến", {"verdict": "agree_with_conditions", "comment": "Giữ khoảng lùi."})
    act(visitor, "nk.qldt.sp1", record, "Ghi kết quả kiểm tra", {"as_filed": "yes", "findings": "Đúng hồ sơ."})
    act(visitor, "pccc.hd1", record, "Ký và gửi ý kiến")
    act(visitor, "sxd.hd1", record, "Ký và gửi ý kiến")
    act(visitor, "nk.qldt.sp1", record, "Trình dự thảo giấy phép")
    act(visitor, "nk.qldt.hd1", record, "Ký nháy và trình ký")
    sign_in_a_row(visitor, "nk.lr1", record, page="/can-bo/trinh-ky")
    sign_in_a_row(visitor, "nk.vp.ck1", record, page="/can-bo/van-thu")
    act(visitor, "ck.ju1", record, "Trả kết quả")

    visitor.sign_in(CITIZEN).open(f"/ho-so/{record}").wait_for("Tải kết quả")
    permit = text_of(visitor.download("Tải kết quả"))
    assert NAME in permit
    assert "GPXD" in permit

    visitor.leave()
    visitor.open("/tra-cuu").fill({"code": record.lower(), "secret": secret.replace(" ", "")}).press("Xem hồ sơ")
    assert "Đã trả kết quả" in visitor.words()
    assert NAME not in visitor.words()


def test_a_household_business_is_registered_after_a_supplement(visitor: Visitor, tmp_path: Path) -> None:
    visitor.sign_in(CITIZEN)
    draft = fill_in(
        visitor,
        "1.001612",
        start={"place": CAI_KHE, "filer": "self", "consent": "yes"},
        pages={
            "applicant": {"return_by": "online"},
            "owner": {"gender": "f", "ethnicity": "Kinh"},
            "business": {
                "name": "Hộ kinh doanh Bình An",
                "place": "12 đường Mẫu",
                "place_commune": CAI_KHE,
                "lines-0-title": "Bán lẻ sách",
                "lines-0-vsic": "4761",
                "lines-0-main": "yes",
                "capital": "50.000.000",
            },
            "tax": {"start_date": "1/12/2026", "workers": "1"},
            "founder": {"founder": "person"},
        },
    )
    supply(visitor, draft, "id_copy", file_of(tmp_path, "can-cuoc.pdf"))
    record, _ = send(visitor, draft)

    act(visitor, "nk.mc.rec1", record, "Tiếp nhận hồ sơ")
    act(visitor, "nk.mc.rec1", record, "Chuyển hồ sơ đi giải quyết")
    act(visitor, "nk.tckh.hd1", record, "Phân công", {"assignee_id": "Hồ Mẫu Thịnh"})
    act(
        visitor,
        "nk.tckh.sp1",
        record,
        "Yêu cầu bổ sung",
        {"items": "paper-id_copy", "reason-paper-id_copy": "Ảnh mờ, không đọc được số."},
    )
    act(visitor, "nk.tckh.hd1", record, "Duyệt phiếu yêu cầu bổ sung")
    act(visitor, "nk.mc.rec1", record, "Gửi cho người nộp")

    visitor.sign_in(CITIZEN).open(f"/ho-so/{record}").press("Bổ sung").follow("Giấy tờ cá nhân", within="main")
    visitor.page.locator("input[type=file]").set_input_files(file_of(tmp_path, "can-cuoc-ro.pdf"))
    visitor.press("Lưu mục này")
    visitor.open(f"/ho-so/{record}/bo-sung").press("Gửi phần bổ sung")

    act(visitor, "nk.mc.rec1", record, "Chuyển phần bổ sung")
    act(visitor, "nk.tckh.sp1", record, "Đạt, lấy mã số từ cơ quan thuế")
    visitor.sign_in("nk.tckh.hd1").open(f"/can-bo/ho-so/{record}").wait_for("Ký kết quả")
    sign_in_a_row(visitor, "nk.tckh.hd1", record, page="/can-bo/trinh-ky")
    sign_in_a_row(visitor, "nk.tckh.ck1", record, page="/can-bo/van-thu")
    act(visitor, "nk.mc.rec1", record, "Trả kết quả")

    visitor.sign_in(CITIZEN).open(f"/ho-so/{record}").wait_for("Tải kết quả")
    certificate = text_of(visitor.download("Tải kết quả"))
    assert "bình an" in certificate.lower()


def test_an_allowance_crosses_three_levels_with_one_code(visitor: Visitor, tmp_path: Path) -> None:
    visitor.sign_in(CITIZEN)
    draft = fill_in(
        visitor,
        "1.010803",
        start={"place": CAI_KHE, "filer": "self"},
        pages={
            "applicant": {"commune": CAI_KHE, "return_by": "online"},
            "martyr": {
                "relation": "con",
                "name": "Trần Mẫu Hùng",
                "died_on": "2/9/1968",
                "merit_no": "CT-1234",
                "decision_no": "45/TTg",
                "file_at": "cantho",
                "no_monthly": "yes",
            },
            "kin": {
                "kin-0-name": NAME,
                "kin-0-birth_year": "1990",
                "kin-0-relation": "con",
                "kin-0-signed": "yes",
            },
        },
    )
    supply(visitor, draft, "merit", file_of(tmp_path, "bang-to-quoc.pdf"))
    record, _ = send(visitor, draft)

    act(visitor, "ck.lb1", record, "Tiếp nhận hồ sơ")
    act(visitor, "ck.lb1", record, "Chuyển hồ sơ đi giải quyết")
    act(visitor, "ck.lb1", record, "Xác nhận, trình lãnh đạo")
    act(visitor, "ck.lr1", record, "Ký xác nhận")
    act(visitor, "ck.cl1", record, "Bàn giao lên quận, huyện")
    act(visitor, "nk.mc.rec1", record, "Nhận bàn giao")
    act(visitor, "nk.ldtbxh.hd1", record, "Phân công", {"assignee_id": "Kim Mẫu Thiện"})
    act(visitor, "nk.ldtbxh.sp1", record, "Trình trưởng phòng")
    act(visitor, "nk.ldtbxh.hd1", record, "Ký danh sách")
    act(visitor, "nk.mc.rec1", record, "Bàn giao lên thành phố")
    act(visitor, "pvhcc.rec1", record, "Nhận bàn giao")
    act(visitor, "sldtbxh.hd1", record, "Phân công", {"assignee_id": "Kiều Mẫu Hiếu"})
    act(visitor, "sldtbxh.sp1", record, "Trình dự thảo quyết định")
    act(visitor, "sldtbxh.hd1", record, "Ký nháy và trình ký")
    sign_in_a_row(visitor, "sldtbxh.lr1", record, page="/can-bo/trinh-ky")
    sign_in_a_row(visitor, "sldtbxh.ck1", record, page="/can-bo/van-thu")
    act(visitor, "ck.lb1", record, "Trả kết quả")

    visitor.sign_in(CITIZEN).open(f"/ho-so/{record}").wait_for("Tải kết quả")
    decision = text_of(visitor.download("Tải kết quả"))
    assert "Trần Mẫu Hùng" in decision
