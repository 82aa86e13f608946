"""What other domains and pages may do with records."""

from portal.records.actions import act_on_task
from portal.records.apologies import sign_apology
from portal.records.archive import give_from_archive
from portal.records.claims import assign_task, claim_task
from portal.records.consent import give_consent, withdraw_consent
from portal.records.delivering import cancel_parcel, change_way, hand_parcel, order_parcel, take_parcel_back
from portal.records.drafts import (
    add_paper,
    delete_draft,
    remove_paper,
    save_page,
    set_consent,
    set_places,
    start_draft,
)
from portal.records.ending import stop_record, withdraw_record
from portal.records.late_opinions import send_late_opinion
from portal.records.recalling import recall_question
from portal.records.reopening import ask_correction
from portal.records.submission import submit_record
from portal.records.supplements import add_files, answer_item, remove_file, send_supplement
from portal.records.timers import fire_timer
from portal.records.transfers import confirm_paper, say_no_paper
from portal.records.undoing import undo_action
from portal.records.visits import cancel_booking, move_booking, note_arrival

__all__ = [
    "act_on_task",
    "add_files",
    "add_paper",
    "answer_item",
    "ask_correction",
    "assign_task",
    "cancel_booking",
    "cancel_parcel",
    "change_way",
    "claim_task",
    "confirm_paper",
    "delete_draft",
    "fire_timer",
    "give_consent",
    "give_from_archive",
    "hand_parcel",
    "move_booking",
    "note_arrival",
    "order_parcel",
    "recall_question",
    "remove_file",
    "remove_paper",
    "save_page",
    "say_no_paper",
    "send_late_opinion",
    "send_supplement",
    "set_consent",
    "set_places",
    "sign_apology",
    "start_draft",
    "stop_record",
    "submit_record",
    "take_parcel_back",
    "undo_action",
    "withdraw_consent",
    "withdraw_record",
]
