"""What the lane picture says, in the two languages."""

from __future__ import annotations

from portal.workflow.definition import Text

_PHRASES = {
    "applicant": Text("Người nộp", "Applicant"),
    "you": Text("Bạn", "You"),
    "submit": Text("Nộp hồ sơ", "Submit"),
    "about_minutes": Text("khoảng {minutes} phút", "about {minutes} minutes"),
    "receive_result": Text("Nhận kết quả", "Get the result"),
    "result_in_person": Text("đến tại quầy", "in person"),
    "result_in_person_long": Text("Đến nhận tại quầy, hoặc ủy quyền", "In person at a counter, or by authorisation"),
    "result_anywhere": Text("trên mạng, tại quầy", "online, at a counter"),
    "result_anywhere_long": Text("Trên mạng, tại quầy hoặc qua bưu điện", "Online, at a counter or by post"),
    "result_at": Text("tại quầy", "at the counter"),
    "result_at_long": Text("Tại quầy: {level}", "At the counter: {level}"),
    "within": Text("trong {length}", "within {length}"),
    "at_most": Text("tối đa {length}", "at most {length}"),
    "silence_consent": Text("không trả lời thì coi như đồng ý", "no answer counts as consent"),
    "silence_refusal": Text("không trả lời thì coi như không đồng ý", "no answer counts as refusal"),
    "together": Text("Cùng lúc với: {name}", "At the same time as: {name}"),
    "if_needed": Text("tùy hồ sơ", "in some cases"),
    "if_missing": Text("chỉ khi còn thiếu", "only if incomplete"),
    "trip_supplement": Text(
        "Còn thiếu thì báo bổ sung, thời hạn tạm dừng", "If something is missing you are asked; the term is paused"
    ),
    "trip_before": Text(
        "Còn thiếu thì báo bổ sung, chưa tính thời hạn", "If something is missing you are asked; the term has not begun"
    ),
    "sent_back": Text("Chưa đạt thì trả lại: {name}", "May be sent back to: {name}"),
    "trip_other": Text("Có thể qua: {name}", "May pass through: {name}"),
    "done": Text("Đã xong:", "Done:"),
    "expected": Text("Dự kiến:", "Expected:"),
    "here": Text("Đang ở đây", "It is here"),
    "due": Text("hạn {day}", "due {day}"),
    "due_today": Text("hạn hôm nay, {time}", "due today, {time}"),
    "since": Text("từ {day}", "since {day}"),
    "waits_until": Text("chờ đến {day}", "waits until {day}"),
    "due_long": Text("Hạn {day}", "Due {day}"),
    "used_of": Text("đã dùng {used} trên {allowed}", "{used} of {allowed} used"),
    "took": Text("mất {used}", "took {used}"),
    "took_of": Text("mất {used} trên {allowed}", "took {used} of {allowed}"),
    "late": Text("quá {length}", "{length} late"),
    "overdue": Text("quá hạn", "overdue"),
    "about": Text("dự kiến {day}", "about {day}"),
    "promised": Text("hẹn {day}", "due {day}"),
    "map_title": Text("Hồ sơ đi qua những đâu", "Where the record goes"),
    "map_description": Text("{count} chặng: {names}.", "Stops ({count}): {names}."),
    "journey_title": Text("Đường đi của hồ sơ", "The way of the record"),
    "journey_past": Text("Đã qua {count} chặng.", "Stops done: {count}."),
    "journey_now": Text("Đang ở: {names}.", "Now at: {names}."),
    "journey_next": Text("Còn {count} chặng nữa.", "Stops to go: {count}."),
    "list_below": Text("Danh sách chữ ở ngay bên dưới.", "The list below says the same in words."),
}


def say(key: str, language: str, **values: object) -> str:
    """The phrase of that key with its values filled in."""
    return _PHRASES[key].in_language(language).format(**values)


def capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
