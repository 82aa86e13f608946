// Keeps what is typed on a page of a form, right or wrong: on the server, and in this tab while the server is out of
// reach or the sign-in is over. What this tab holds comes back when the same page is opened again.
import { openQuestions } from "./open_questions.js";

const QUIET_MILLISECONDS = 1_500;
const CHOSEN_MILLISECONDS = 250; // long enough for the button that was being pressed
const AGAIN_MILLISECONDS = 15_000;
const PATIENCE_MILLISECONDS = 5_000;
const HELD = "held:";
const NOT_TYPED = new Set(["csrf_token", "asked", "held", "keep"]);

export function keepTyped(root) {
  const form = root.querySelector("form[data-keep]");
  forgetSent(form ? form.dataset.keep : null);
  if (form) new Keeper(form);
}

// What was on its way when a page went is no longer needed once another page of the portal has come; the page for
// signing in is on the way back to it.
function forgetSent(here) {
  if (document.querySelector("[data-signing-in]")) return;
  for (const key of Object.keys(sessionStorage)) {
    if (!key.startsWith(HELD) || key === HELD + here) continue;
    if (JSON.parse(sessionStorage.getItem(key)).leaving) sessionStorage.removeItem(key);
  }
}

class Keeper {
  constructor(form) {
    this.form = form;
    this.address = form.dataset.keep;
    this.status = form.querySelector("[data-keep-status]");
    this.isDirty = false;
    this.wasHeld = this.bringBack();
    form.addEventListener("input", () => this.touch());
    if ("opens" in form.dataset) form.addEventListener("change", () => this.touch(CHOSEN_MILLISECONDS));
    form.addEventListener("submit", (event) => this.leave(event));
    window.addEventListener("online", () => this.save());
    document.addEventListener("visibilitychange", () => document.hidden && this.save());
    setInterval(() => this.save(), AGAIN_MILLISECONDS);
    if (this.wasHeld) this.touch();
  }

  touch(quiet = QUIET_MILLISECONDS) {
    this.isDirty = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), quiet);
  }

  async save() {
    if (!this.isDirty || this.isLeaving) return;
    if (this.sending) {
      this.isWaiting = true;
      return;
    }
    this.isDirty = this.isWaiting = false;
    this.sending = this.send().finally(() => (this.sending = null));
    await this.sending;
    if (this.isWaiting) this.save();
  }

  async send() {
    const body = new URLSearchParams(new FormData(this.form));
    body.set("keep", "yes");
    try {
      const answer = await fetch(this.address, {
        method: "POST",
        body,
        redirect: "error",
        keepalive: document.hidden,
        signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
      });
      if (answer.ok) this.isKept(await answer.json());
      else this.isRefused(answer.status);
    } catch {
      this.hold();
      this.isDirty = true;
      this.say(this.status.dataset.offline);
    }
  }

  isKept({ time, asked, opened, told }) {
    if (!this.isDirty) sessionStorage.removeItem(HELD + this.address);
    const kept = this.wasHeld ? this.status.dataset.resent : this.status.dataset.saved.replace("{time}", time);
    this.wasHeld = false;
    if (this.isDirty || this.isLeaving) return this.say(kept); // the answer has changed meanwhile, or the page goes
    openQuestions(this.form, { asked, opened, later: () => this.touch() });
    this.say(`${kept}${told && ". "}${told}`);
  }

  // Signed out, or signed in anew elsewhere: the same page, opened again, has the right to keep what this tab holds.
  isRefused(status) {
    this.hold();
    if (status !== 403) {
      this.isDirty = true;
      this.say(this.status.dataset.offline);
      return;
    }
    this.say(this.status.dataset.signedOut);
    const again = document.createElement("a");
    again.className = "govuk-link";
    again.href = this.address;
    again.textContent = this.status.dataset.signIn;
    this.status.append(" ", again);
  }

  hold({ leaving = false } = {}) {
    const typed = [...new FormData(this.form)].filter(([name]) => !NOT_TYPED.has(name));
    sessionStorage.setItem(HELD + this.address, JSON.stringify({ typed, leaving }));
    if (!leaving) this.wasHeld = true;
  }

  // The page goes on its own way; should it meet a closed door, it finds its answers again.
  leave(event) {
    if (event.defaultPrevented) return;
    this.isLeaving = true;
    if (this.sending) {
      event.preventDefault();
      const button = event.submitter;
      this.sending.then(() => this.form.requestSubmit(button));
      return;
    }
    if (["add", "remove"].includes(event.submitter?.name)) return; // the rows of the page that comes are others
    this.hold({ leaving: true });
    const held = this.form.elements.namedItem("held");
    if (held) held.value = "yes";
  }

  // Whether something was there. A page that has just been answered shows what was sent: then nothing changes.
  bringBack() {
    const stored = sessionStorage.getItem(HELD + this.address);
    if (!stored) return false;
    const { typed } = JSON.parse(stored);
    let changed = false;
    for (const name of new Set(typed.map(([name]) => name))) {
      const values = typed.filter(([other]) => other === name).map(([, value]) => value);
      changed = fill(this.form, name, values) || changed;
    }
    changed = emptied(this.form, typed) || changed;
    sessionStorage.removeItem(HELD + this.address);
    return changed;
  }

  say(sentence) {
    this.status.textContent = sentence;
  }
}

function inputs(form, name) {
  return [...form.elements].filter((input) => input.name === name && input.type !== "submit" && input.type !== "hidden");
}

function fill(form, name, values) {
  let changed = false;
  for (const [index, input] of inputs(form, name).entries()) {
    if (input.type === "radio" || input.type === "checkbox") {
      const ticked = values.includes(input.value);
      changed = changed || input.checked !== ticked;
      input.checked = ticked;
    } else if (index < values.length && input.value !== values[index]) {
      input.value = values[index];
      changed = true;
    }
  }
  return changed;
}

// A box that was unticked is not among what is sent.
function emptied(form, typed) {
  const names = new Set(typed.map(([name]) => name));
  const ticked = [...form.elements].filter((input) => input.type === "checkbox" && input.checked && !names.has(input.name));
  for (const box of ticked) box.checked = false;
  return ticked.length > 0;
}
