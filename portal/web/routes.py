"""Who may come where: every endpoint stands in this table, or the application does not start."""

from __future__ import annotations

from enum import Enum

from flask import Flask

from portal.core.actor import Actor, ActorKind


class Access(Enum):
    PUBLIC = "everybody"
    SIGNED_IN = "everybody who is signed in"
    CITIZEN = "citizens, for themselves and their organisations"
    OFFICIAL = "officials"
    ADMINISTRATOR = "administrators of procedures, units and accounts"
    SIGNED_CALLBACK = "machines that sign what they send; no cookie, no form token"


ROUTES: dict[str, Access] = {
    "static": Access.PUBLIC,
    "health.check": Access.PUBLIC,
    "home.show": Access.PUBLIC,
    "procedures.search": Access.PUBLIC,
    "procedures.life_event": Access.PUBLIC,
    "procedures.show": Access.PUBLIC,
    "blank_form.printed": Access.PUBLIC,
    "process.show": Access.PUBLIC,
    "process.printed": Access.PUBLIC,
    "process.sheet": Access.PUBLIC,
    "process.model": Access.PUBLIC,
    "lookup.find": Access.PUBLIC,
    "lookup.scan": Access.PUBLIC,
    "lookup.result": Access.PUBLIC,
    "verification.find": Access.PUBLIC,
    "verification.scan": Access.PUBLIC,
    "verification.result": Access.PUBLIC,
    "verification.upload": Access.PUBLIC,
    "verification.newer": Access.PUBLIC,
    "verification.keys": Access.PUBLIC,
    "verification.program": Access.PUBLIC,
    "sign_in.start": Access.PUBLIC,
    "sign_in.end": Access.SIGNED_IN,
    "content.guide": Access.PUBLIC,
    "content.contact": Access.PUBLIC,
    "content.personal_data": Access.PUBLIC,
    "content.accessibility": Access.PUBLIC,
    "content.counters": Access.PUBLIC,
    "start.show": Access.CITIZEN,
    "drafts.show": Access.CITIZEN,
    "drafts.ask_to_delete": Access.CITIZEN,
    "drafts.delete": Access.CITIZEN,
    "draft_pages.show": Access.CITIZEN,
    "draft_pages.save": Access.CITIZEN,
    "draft_papers.index": Access.CITIZEN,
    "draft_papers.show": Access.CITIZEN,
    "draft_papers.upload": Access.CITIZEN,
    "draft_papers.take": Access.CITIZEN,
    "draft_papers.go_without": Access.CITIZEN,
    "draft_papers.remove": Access.CITIZEN,
    "draft_papers.download": Access.CITIZEN,
    "draft_papers.preview": Access.CITIZEN,
    "draft_consent.change": Access.CITIZEN,
    "sending.review": Access.CITIZEN,
    "sending.send": Access.CITIZEN,
    "sending.sent": Access.CITIZEN,
    "official_queue.mine": Access.OFFICIAL,
    "official_queue.unit": Access.OFFICIAL,
    "official_queue.narrow": Access.OFFICIAL,
    "official_lists.show": Access.OFFICIAL,
    "official_queue.keys": Access.OFFICIAL,
    "official_bulk.claim": Access.OFFICIAL,
    "official_bulk.choose": Access.OFFICIAL,
    "official_bulk.assign": Access.OFFICIAL,
    "official_batches.choose": Access.OFFICIAL,
    "official_batches.prepare": Access.OFFICIAL,
    "official_batches.show": Access.OFFICIAL,
    "official_search.find": Access.OFFICIAL,
    "official_records.show": Access.OFFICIAL,
    "official_bookings.show": Access.OFFICIAL,
    "official_bookings.arrived": Access.OFFICIAL,
    "official_bookings.plan": Access.OFFICIAL,
    "official_visits.change": Access.OFFICIAL,
    "official_scans.show": Access.OFFICIAL,
    "official_scans.keep": Access.OFFICIAL,
    "official_scans.picture": Access.OFFICIAL,
    "official_scans.compare": Access.OFFICIAL,
    "official_certifications.show": Access.OFFICIAL,
    "official_certifications.ask_print": Access.OFFICIAL,
    "official_certifications.sheet": Access.OFFICIAL,
    "official_records.why": Access.OFFICIAL,
    "official_apologies.waiting": Access.OFFICIAL,
    "official_apologies.sign": Access.OFFICIAL,
    "official_archive.give": Access.OFFICIAL,
    "official_hand_over.printed": Access.OFFICIAL,
    "official_parcels.index": Access.OFFICIAL,
    "official_parcels.order": Access.OFFICIAL,
    "official_parcels.hand": Access.OFFICIAL,
    "official_parcels.cancel": Access.OFFICIAL,
    "official_parcels.take_back": Access.OFFICIAL,
    "official_parcels.to_counter": Access.OFFICIAL,
    "official_parcels.labels": Access.OFFICIAL,
    "official_parcels.list_to_sign": Access.OFFICIAL,
    "official_transfers.waiting": Access.OFFICIAL,
    "official_transfers.arrived": Access.OFFICIAL,
    "official_transfers.none": Access.OFFICIAL,
    "official_cash.take": Access.OFFICIAL,
    "official_money.show": Access.OFFICIAL,
    "official_money.export": Access.OFFICIAL,
    "official_issued.index": Access.OFFICIAL,
    "official_issued.show": Access.OFFICIAL,
    "official_issued.decide": Access.OFFICIAL,
    "official_refunds.waiting": Access.OFFICIAL,
    "official_refunds.decide": Access.OFFICIAL,
    "official_refunds.match": Access.OFFICIAL,
    "official_refunds.ask_about_payment": Access.OFFICIAL,
    "official_statements.bring": Access.OFFICIAL,
    "official_statements.show": Access.OFFICIAL,
    "official_register.show": Access.OFFICIAL,
    "official_register.ask_print": Access.OFFICIAL,
    "official_book_prints.show": Access.OFFICIAL,
    "official_book_prints.file": Access.OFFICIAL,
    "official_register.sheet": Access.OFFICIAL,
    "official_messages.mine": Access.OFFICIAL,
    "official_messages.read": Access.OFFICIAL,
    "official_control_slip.show": Access.OFFICIAL,
    "official_control_slip.printed": Access.OFFICIAL,
    "official_files.paper": Access.OFFICIAL,
    "official_files.paper_page": Access.OFFICIAL,
    "official_files.document": Access.OFFICIAL,
    "official_files.document_data": Access.OFFICIAL,
    "official_files.document_page": Access.OFFICIAL,
    "official_acting.act": Access.OFFICIAL,
    "official_acting.assign": Access.OFFICIAL,
    "official_acting.undo": Access.OFFICIAL,
    "official_ending.stop": Access.OFFICIAL,
    "official_correcting.ask": Access.OFFICIAL,
    "official_copies.received": Access.OFFICIAL,
    "official_copies.show": Access.OFFICIAL,
    "official_copies.read": Access.OFFICIAL,
    "official_copies.file": Access.OFFICIAL,
    "official_copies.post": Access.OFFICIAL,
    "official_questions.recall": Access.OFFICIAL,
    "official_questions.answer_late": Access.OFFICIAL,
    "official_signing.initial": Access.OFFICIAL,
    "official_signing.sign": Access.OFFICIAL,
    "official_signing.seal": Access.OFFICIAL,
    "records.mine": Access.CITIZEN,
    "record.show": Access.CITIZEN,
    "record.why": Access.CITIZEN,
    "record_files.document": Access.CITIZEN,
    "record_files.document_data": Access.CITIZEN,
    "record_files.paper": Access.CITIZEN,
    "record_files.paper_page": Access.CITIZEN,
    "confirming.show": Access.CITIZEN,
    "confirming.act": Access.CITIZEN,
    "confirming.picture": Access.CITIZEN,
    "supplement.items": Access.CITIZEN,
    "supplement.paper": Access.CITIZEN,
    "supplement.take": Access.CITIZEN,
    "supplement.remove_file": Access.CITIZEN,
    "supplement.correction": Access.CITIZEN,
    "booking.change": Access.CITIZEN,
    "booking.cancel": Access.CITIZEN,
    "consenting.show": Access.CITIZEN,
    "consenting.give": Access.CITIZEN,
    "consenting.withdraw": Access.CITIZEN,
    "correcting.ask": Access.CITIZEN,
    "withdrawing.withdraw": Access.CITIZEN,
    "paying.pay": Access.CITIZEN,
    "paying.wait": Access.CITIZEN,
    "paying.come_back": Access.CITIZEN,
    "transferring.show": Access.CITIZEN,
    "transferring.picture": Access.CITIZEN,
    "receiving.change": Access.CITIZEN,
    "post.notification": Access.SIGNED_CALLBACK,
    "paying.notification": Access.SIGNED_CALLBACK,
    "vault.mine": Access.CITIZEN,
    "vault.add": Access.CITIZEN,
    "vault.keep_supplied": Access.CITIZEN,
    "vault.describe": Access.CITIZEN,
    "vault.ask_to_take_out": Access.CITIZEN,
    "vault.take_out": Access.CITIZEN,
    "vault.hide": Access.CITIZEN,
    "vault.unhide": Access.CITIZEN,
    "vault.download": Access.CITIZEN,
    "vault.preview": Access.CITIZEN,
    "messages.mine": Access.CITIZEN,
    "messages.read": Access.CITIZEN,
    "admin_overview.show": Access.ADMINISTRATOR,
    "admin_procedures.index": Access.ADMINISTRATOR,
    "admin_procedures.show": Access.ADMINISTRATOR,
    "admin_procedures.withdraw": Access.ADMINISTRATOR,
    "admin_procedures.restore": Access.ADMINISTRATOR,
    "admin_versions.show": Access.ADMINISTRATOR,
    "admin_versions.download": Access.ADMINISTRATOR,
    "admin_definitions.begin": Access.ADMINISTRATOR,
    "admin_definitions.renew": Access.ADMINISTRATOR,
    "admin_definitions.new": Access.ADMINISTRATOR,
    "admin_definitions.show": Access.ADMINISTRATOR,
    "admin_definitions.keep": Access.ADMINISTRATOR,
    "admin_definitions.download": Access.ADMINISTRATOR,
    "admin_definitions.copy": Access.ADMINISTRATOR,
    "admin_editor.edit": Access.ADMINISTRATOR,
    "admin_editor.add": Access.ADMINISTRATOR,
    "admin_editor.write": Access.ADMINISTRATOR,
    "admin_editor.move": Access.ADMINISTRATOR,
    "admin_editor.share_page": Access.ADMINISTRATOR,
    "admin_editor.remove": Access.ADMINISTRATOR,
    "admin_process.show": Access.ADMINISTRATOR,
    "admin_process.frame": Access.ADMINISTRATOR,
    "admin_steps.add": Access.ADMINISTRATOR,
    "admin_steps.show": Access.ADMINISTRATOR,
    "admin_steps.move": Access.ADMINISTRATOR,
    "admin_steps.rename": Access.ADMINISTRATOR,
    "admin_steps.remove": Access.ADMINISTRATOR,
    "admin_actions.add": Access.ADMINISTRATOR,
    "admin_actions.show": Access.ADMINISTRATOR,
    "admin_actions.move": Access.ADMINISTRATOR,
    "admin_actions.rename": Access.ADMINISTRATOR,
    "admin_actions.remove": Access.ADMINISTRATOR,
    "admin_entries.show": Access.ADMINISTRATOR,
    "admin_endings.show": Access.ADMINISTRATOR,
    "admin_endings.own": Access.ADMINISTRATOR,
    "admin_endings.share": Access.ADMINISTRATOR,
    "admin_publishing.send": Access.ADMINISTRATOR,
    "admin_publishing.recall": Access.ADMINISTRATOR,
    "admin_publishing.discard": Access.ADMINISTRATOR,
    "admin_publishing.publish": Access.ADMINISTRATOR,
    "admin_publishing.give_back": Access.ADMINISTRATOR,
    "admin_trials.show": Access.ADMINISTRATOR,
    "admin_trials.begin": Access.ADMINISTRATOR,
    "admin_trials.recall": Access.ADMINISTRATOR,
    "admin_trials.say_late": Access.ADMINISTRATOR,
    "admin_trials.act": Access.ADMINISTRATOR,
    "admin_trials.end": Access.ADMINISTRATOR,
    "admin_trials.pay": Access.ADMINISTRATOR,
    "admin_trials.apologise": Access.ADMINISTRATOR,
    "admin_trials.wait": Access.ADMINISTRATOR,
    "admin_trials.step_back": Access.ADMINISTRATOR,
    "admin_trials.start_over": Access.ADMINISTRATOR,
    "admin_trials.why": Access.ADMINISTRATOR,
    "admin_trial_keeping.keep": Access.ADMINISTRATOR,
    "admin_moving.propose": Access.ADMINISTRATOR,
    "admin_moving.show": Access.ADMINISTRATOR,
    "admin_moving.start": Access.ADMINISTRATOR,
    "admin_moving.send": Access.ADMINISTRATOR,
    "admin_moving.give_back": Access.ADMINISTRATOR,
    "admin_moving.stop": Access.ADMINISTRATOR,
    "admin_moving.revert": Access.ADMINISTRATOR,
    "admin_moving.download": Access.ADMINISTRATOR,
    "admin_exchange.take_in": Access.ADMINISTRATOR,
    "admin_units.tree": Access.ADMINISTRATOR,
    "admin_units.show": Access.ADMINISTRATOR,
    "admin_accounts.find": Access.ADMINISTRATOR,
    "admin_accounts.show": Access.ADMINISTRATOR,
    "admin_accounts.lock": Access.ADMINISTRATOR,
    "admin_accounts.unlock": Access.ADMINISTRATOR,
    "admin_accounts.add_post": Access.ADMINISTRATOR,
    "admin_accounts.end_post": Access.ADMINISTRATOR,
    "admin_calendar.year": Access.ADMINISTRATOR,
    "admin_calendar_changes.add": Access.ADMINISTRATOR,
    "admin_calendar_changes.withdraw": Access.ADMINISTRATOR,
    "admin_hours.add": Access.ADMINISTRATOR,
    "admin_hours.end": Access.ADMINISTRATOR,
    "admin_standstill.show": Access.ADMINISTRATOR,
    "admin_jobs.show": Access.ADMINISTRATOR,
    "admin_jobs.try_again": Access.ADMINISTRATOR,
    "admin_audit.find": Access.ADMINISTRATOR,
}

FIRST_PAGES: dict[ActorKind, str] = {
    ActorKind.CITIZEN: "records.mine",
    ActorKind.OFFICIAL: "official_queue.mine",
}
"""Where signing in leads to, unless somebody was on the way elsewhere; the home page for whoever is not named."""

FIRST_PAGE_OF_ADMINISTRATORS = "admin_overview.show"
"""For whoever administers and does nothing else."""

WITHOUT_TOKEN = frozenset({"lookup.find", "verification.find", "verification.upload"})
"""POST that changes nothing, so that a page opened without a cookie still works."""

CHECK_THEIR_OWN_TOKEN = frozenset({"sign_in.start", "start.show", "draft_pages.save", "draft_papers.upload"})
"""Pages whose form refuses a stale token itself and comes back with the answers still in it. All other POST are refused
at the gate."""


HOLD_THEIR_ANSWERS = frozenset({"draft_pages.save"})
"""Pages whose script holds what was typed when the sign-in is over (`held`): whoever sent it signs in and finds it
there again. All others are told to sign in elsewhere and to send once more."""


def may_enter(access: Access, actor: Actor) -> bool:
    """Whether an actor of this kind may come in at all; what he may see there is for queries and row-level security."""
    match access:
        case Access.PUBLIC | Access.SIGNED_CALLBACK:
            return True
        case Access.SIGNED_IN:
            return actor.kind is not ActorKind.PUBLIC
        case Access.CITIZEN:
            return actor.kind is ActorKind.CITIZEN
        case Access.OFFICIAL:
            return actor.kind is ActorKind.OFFICIAL
        case Access.ADMINISTRATOR:
            return actor.has_role("administrator")


def check_completeness(app: Flask) -> None:
    """Raises LookupError naming every endpoint that nobody decided about."""
    unlisted = sorted({rule.endpoint for rule in app.url_map.iter_rules()} - ROUTES.keys())
    if unlisted:
        raise LookupError(f"who may come here? not in portal/web/routes.py: {', '.join(unlisted)}")
