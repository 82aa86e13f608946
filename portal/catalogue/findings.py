"""What can be wrong in a definition, each with a sentence in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.workflow.definition import Text


@dataclass(frozen=True)
class Finding:
    """One mistake: where it stands and what it is. `kind` is a key of MESSAGES, `values` fill the sentence in.

    `path` leads to it from the beginning of the definition, the shared process written out; empty when it is of the
    whole file.
    """

    file: str
    line: int
    kind: str
    values: Mapping[str, object] = field(default_factory=dict, hash=False)
    path: tuple[str | int, ...] = field(default=(), compare=False)

    def in_language(self, language: str) -> str:
        values = {
            name: value.in_language(language) if isinstance(value, Text) else value
            for name, value in self.values.items()
        }
        return MESSAGES[self.kind].in_language(language).format(**values)

    @property
    def message(self) -> str:
        """The sentence in Vietnamese, the language of those who write procedures."""
        return self.in_language("vi")

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class DefinitionError(Exception):
    """The definition has mistakes: `findings`, in the order of the file. Nothing of it may be used."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings


MESSAGES: Mapping[str, Text] = {
    # Reading the file
    "not_yaml": Text("Tệp không đúng cú pháp YAML: {reason}", "Not valid YAML: {reason}"),
    "yaml_unclosed": Text(
        "Thiếu dấu phẩy, hoặc ngoặc [ hay {{ chưa đóng, ở dòng này hay ngay trước nó.",
        "A comma is missing, or a bracket [ or {{ is not closed, on this line or just before it.",
    ),
    "yaml_character": Text(
        "Có ký tự không đứng ở đây được: Tab, @, % hoặc `. Thụt dòng bằng dấu cách, đặt chữ trong ngoặc kép.",
        "A character cannot stand here: Tab, @, % or `. Indent with spaces and put the text in quotes.",
    ),
    "yaml_colon": Text(
        "Dấu hai chấm không đứng ở đây được. Đặt chữ có dấu hai chấm trong ngoặc kép.",
        "A colon cannot stand here. Put a text with a colon in quotes.",
    ),
    "yaml_no_colon": Text("Thiếu dấu hai chấm sau tên khóa.", "The colon after the name of a key is missing."),
    "yaml_indent": Text(
        "Đầu dòng thụt không bằng các dòng cùng mục.", "The line is not indented as the others of its part are."
    ),
    "yaml_quote": Text("Ngoặc kép mở mà chưa đóng.", "A quotation mark is opened and not closed."),
    "yaml_control": Text(
        "Tệp có ký tự điều khiển. Lưu lại dưới dạng văn bản UTF-8.",
        "The file has control characters. Save it as plain text, UTF-8.",
    ),
    "too_large": Text("Tệp dài hơn {limit} ký tự.", "The file is longer than {limit} characters."),
    "alias": Text("Không dùng neo và tham chiếu (&, *) trong tệp.", "Anchors and aliases (&, *) are not allowed."),
    "twice": Text("Khóa {name} xuất hiện hai lần.", "The key {name} appears twice."),
    "not_a_mapping": Text("Chỗ này phải là danh sách khóa: giá trị.", "A mapping of keys and values is expected here."),
    # Shape
    "unknown_key": Text("Không có khóa {name} ở đây.{near}", "There is no key {name} here.{near}"),
    "missing_key": Text("Thiếu {name}.", "{name} is missing."),
    "wrong_value": Text("{name} chưa đúng: {reason}", "{name} is not right: {reason}"),
    "not_text": Text("{name} phải là chữ; số cần đặt trong ngoặc kép.", "{name} must be text; put a number in quotes."),
    "not_number": Text("{name} phải là số.", "{name} must be a number."),
    "not_bool": Text("{name} phải là true hoặc false.", "{name} must be true or false."),
    "not_a_list": Text("{name} phải là một danh sách.", "{name} must be a list."),
    "signs_not_as_unit": Text(
        "Quy trình cho một phòng ký kết quả. Ghi signs_as: office, hoặc để lãnh đạo ký.",
        "In the process an office signs the result. Write signs_as: office, or let the leadership sign.",
    ),
    "signs_not_as_office": Text(
        "Quy trình chỉ có lãnh đạo ký kết quả. Bỏ signs_as: office, hoặc ghi signer: head.",
        "In the process only the leadership signs the result. Remove signs_as: office, or write signer: head.",
    ),
    "not_one_of": Text("{name} phải là một trong: {expected}.", "{name} must be one of: {expected}."),
    "bad_form": Text("{name} phải viết theo mẫu {pattern}.", "{name} must match {pattern}."),
    "bad_name": Text(
        "Tên {name} chỉ gồm chữ thường không dấu, số và dấu gạch dưới.",
        "The name {name} may have lower-case letters, digits and underscores only.",
    ),
    "signed_no_pdf": Text(
        "Giấy {name} phải ký số nên chỉ nhận tệp PDF tải lên: ghi formats: [pdf], bỏ mode.",
        "The paper {name} must be signed, so it is an uploaded PDF: write formats: [pdf], without mode.",
    ),
    # The shared process
    "unknown_shared": Text("Không có quy trình chung {name}.", "There is no shared process {name}."),
    "unknown_shared_part": Text("Quy trình chung không có {name}.", "The shared process has no {name}."),
    "unknown_binding": Text("Không có giá trị ${name} để thay vào.", "There is no value for ${name}."),
    "missing_binding": Text("Thiếu {name} trong with.", "{name} is missing from with."),
    # Names
    "unknown_step": Text("Không có bước {name}.{near}", "There is no step {name}.{near}"),
    "unknown_end": Text("Không có kết thúc {name}.{near}", "There is no end {name}.{near}"),
    "unknown_condition_field": Text(
        "Không có trường {name} trong tờ khai.{near}", "The form has no field {name}.{near}"
    ),
    "one_way_on": Text(
        "Hành động phải có đúng một trong: to, choose, consult, join, end (hoặc consult kèm to, một bước duyệt).",
        "An action needs exactly one of: to, choose, consult, join, end (or consult with to, one step that approves).",
    ),
    "consults_as": Text(
        "Hành động có consult phải có kind: {wanted}.", "An action with consult must be of kind {wanted}."
    ),
    "asks_no_opinion": Text(
        "Bước {name} không phải là ý kiến (thiếu consultation), nên không hỏi được.",
        "The step {name} is no opinion (it has no consultation), so it cannot be asked.",
    ),
    "proposes_in_vain": Text(
        "Bước {name} phải có một hành động consult hỏi được các ý kiến này: nơi duyệt là nơi gửi câu hỏi.",
        "The step {name} needs an action with consult for these opinions: whoever approves sends the questions.",
    ),
    "skips_no_branch": Text(
        "same_office chỉ đặt ở bước đầu của một nhánh hỏi ý kiến; bước {name} không phải bước đó.",
        "same_office stands at the first step of an opinion's branch; the step {name} is none.",
    ),
    "not_at_desks": Text(
        "Trường {name} của hành động không được là nhóm câu hỏi lặp lại hay nơi chốn.",
        "The field {name} of an action can be neither a repeating group nor a place.",
    ),
    "corrects_place": Text(
        "Trường {name} cho biết nơi giải quyết, đã định hồ sơ của cơ quan nào: bỏ khỏi các trường được sửa.",
        "The field {name} says where the matter lies, which has decided whose record it is: it cannot be corrected.",
    ),
    "batch_asks": Text(
        "Hành động làm cho nhiều hồ sơ một lần (batch) không hỏi riêng từng hồ sơ: bỏ {name} hoặc bỏ batch.",
        "An action for many records at once (batch) asks nothing of each: take {name} or batch away.",
    ),
    "batch_document": Text(
        "Danh sách {name} đã do batch lập cho nhiều hồ sơ: bỏ khỏi documents.",
        "The {name} is made by batch for many records: take it out of documents.",
    ),
    "batch_without_desk": Text(
        "Chỉ việc của công chức mới làm được cho nhiều hồ sơ một lần (batch).",
        "Only officials act on many records at once (batch).",
    ),
    "one_moment": Text(
        "Hẹn giờ phải có đúng một trong: after, before_due, on.",
        "A timer needs exactly one of: after, before_due, on.",
    ),
    "each_decided": Text(
        "Các dòng của {name} được quyết định từng dòng, nên không tách kết quả theo dòng được.",
        "The rows of {name} are decided one by one, so there is no result for each of them.",
    ),
    "presence_at_give": Text(
        "Chỉ hành động trả kết quả (kind: give) mới cần presence.", "Only an action of kind give may need presence."
    ),
    "paper_at_hand_over": Text(
        "Chỉ hành động chuyển giao (kind: hand_over) mới có paper_within.",
        "Only an action of kind hand_over may have paper_within.",
    ),
    "one_booking": Text(
        "Tờ khai chỉ có một câu hỏi giờ hẹn (type: booking), không nằm trong nhóm lặp lại.",
        "A form asks for one time at the counter (type: booking), outside of repeating groups.",
    ),
    "scan_column": Text(
        "{name} phải là câu hỏi có hoặc không (yes_no) của nhóm mà each nói đến.",
        "{name} must be a question of type yes_no in the group that each names.",
    ),
    "empty_group": Text(
        "Nhóm lặp lại phải có ít nhất một câu hỏi (fields).", "A repeating group needs at least one question (fields)."
    ),
    "fields_not_taken": Text(
        "Chỉ nhóm lặp lại mới có câu hỏi bên trong (fields).", "Only a repeating group has questions inside (fields)."
    ),
    "choices_not_taken": Text(
        "Chỉ câu hỏi chọn trong danh sách mới có các lựa chọn (choices).", "Only a field of type choice has choices."
    ),
    "same_field": Text("Trường {name} đã có ở trang khác.", "The field {name} is already on another page."),
    # Expressions
    "syntax": Text("Biểu thức sai cú pháp gần “{near}”.", "Syntax error in the expression near “{near}”."),
    "syntax_end": Text(
        "Biểu thức dừng giữa chừng. Viết tiếp, hoặc bỏ dấu ở cuối.",
        "The expression stops half-way. Go on, or remove the sign at its end.",
    ),
    "unknown_name": Text(
        "Biểu thức nhắc đến {name}, không có tên này. Gần giống: {near}", "Unknown name {name}. Near: {near}"
    ),
    "unknown_field": Text(
        "Biểu thức nhắc đến {name}, không có trường này. Gần giống: {near}",
        "The expression speaks of {name}, but there is no such field. Near: {near}",
    ),
    "unknown_choice": Text(
        "Ở đây không bao giờ có giá trị “{choice}”. Có thể là: {near}",
        "“{choice}” is never found here. It can be: {near}",
    ),
    "unknown_function": Text("Không có hàm {name}. Gần giống: {near}", "Unknown function {name}. Near: {near}"),
    "wrong_arguments": Text("Hàm {name} nhận đối số khác.", "The function {name} takes other arguments."),
    "no_fields": Text("Không lấy được .{name} từ kiểu {type}.", "A value of type {type} has no .{name}."),
    "wrong_type": Text("Biểu thức có kiểu {found}, cần {wanted}.", "The expression is of type {found}, not {wanted}."),
    "types_differ": Text(
        "Không dùng {operator} giữa {left} và {right} được.", "{operator} does not go between {left} and {right}."
    ),
    "divisor": Text("Chỉ chia cho một số khác 0 viết sẵn.", "Divide by a written number other than 0 only."),
    "expression_too_long": Text(
        "Biểu thức dài hơn {limit} ký tự.", "The expression is longer than {limit} characters."
    ),
    "expression_too_deep": Text("Biểu thức lồng quá {limit} tầng.", "The expression nests deeper than {limit}."),
    "not_evaluated": Text("Không tính được biểu thức: {reason}", "The expression cannot be evaluated: {reason}"),
    # The process as a whole
    "unreachable": Text("Không có cách nào đến bước {step}.", "The step {step} cannot be reached."),
    "no_way_on": Text("Bước {step}{action} không có đường đi tiếp.{path}", "{step}{action} has no way on.{path}"),
    "no_branch": Text(
        "{step}{action} chờ các nhánh cùng về, nhưng chỉ một bước được mở, không có nhánh nào. Ở hành động mở bước đó, "
        "chọn hỏi ý kiến (consult) hoặc mở thêm nhánh; nếu không thì dẫn thẳng đến bước sau (to).{path}",
        "{step}{action} waits for branches, but only one step was opened, and no branch. Let the action that opens it "
        "ask for an opinion (consult) or open another branch; otherwise lead straight on (to).{path}",
    ),
    "cannot_end": Text("Từ bước {step}, hồ sơ không kết thúc được.{path}", "From {step} a record cannot end.{path}"),
    "tokens_left": Text(
        "{step}{action} kết thúc hồ sơ khi nhánh khác còn mở.{path}",
        "{step}{action} ends the record while other branches are open.{path}",
    ),
    "opened_twice": Text("Bước {step} bị mở hai lần.{path}", "The step {step} is opened twice.{path}"),
    "cancels_outside": Text(
        "Bước {step} mở khi mới đủ một số nhánh (opens_after), nên các nhánh đó không được nằm trong nhánh khác.{path}",
        "{step} opens after some of its branches (opens_after), so they may not be inside another branch.{path}",
    ),
    "no_value": Text(
        "Bước {step} làm ở nơi của từng nhánh (each) nhưng được mở ngoài các nhánh đó.{path}",
        "The step {step} is done at the place of its branch (each), but is opened outside such a branch.{path}",
    ),
    "no_actor": Text(
        "Bước {step} không có người làm và không có hạn tự chuyển.{path}",
        "The step {step} has neither an actor nor a timer that acts.{path}",
    ),
    "too_few_branches": Text(
        "Bước {step} chờ đủ {wanted} nhánh (opens_after) nhưng nhiều nhất chỉ có {most} nhánh được mở.",
        "The step {step} waits for {wanted} branches (opens_after), but at most {most} are opened.",
    ),
    "no_deadline": Text(
        "Bước {step} hỏi ý kiến mà không có thời hạn trả lời.{path}",
        "The step {step} asks for an opinion without a deadline for the answer.{path}",
    ),
    "over_term": Text(
        "Định mức các bước cộng lại {hours} giờ, thời hạn chỉ có {held} giờ làm việc{worst} ({path}).",
        "The quotas add up to {hours} hours, the term holds only {held} working hours{worst} ({path}).",
    ),
    "over_term_around_holidays": Text(
        "Định mức các bước cộng lại {hours} giờ; tiếp nhận ngày {day} thì thời hạn chỉ có {held} giờ làm việc "
        "({path}). Giảm định mức, hoặc ghi lý do ở tight.",
        "The quotas add up to {hours} hours; accepted on {day}, the term holds only {held} working hours ({path}). "
        "Lower the quotas, or give the reason in tight.",
    ),
    "too_many_markings": Text(
        "Quy trình có quá nhiều tình huống để kiểm hết.", "The process has too many markings to check."
    ),
    "no_unit": Text(
        "Bước {step}: không đơn vị nào giữ chức năng {function} ở {places}.{path}",
        "Step {step}: no unit has the function {function} at {places}.{path}",
    ),
    # Tests
    "test_action": Text(
        "Phép thử {name}: không làm được {action}. Đang mở: {open}",
        "Test {name}: {action} is not possible. Open: {open}",
    ),
    "test_end": Text(
        "Phép thử {name}: kết thúc là {found}, mong đợi {wanted}.", "Test {name}: ended {found}, expected {wanted}."
    ),
}
