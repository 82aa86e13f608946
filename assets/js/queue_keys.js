// Keys of one letter for the queue: only once turned on in this browser, and never while something is typed.
const KEPT = "portal-keys";
const TYPING = "textarea, select, input:not([type=checkbox], [type=radio], [type=submit])";

export function queueKeys(root) {
  offerToTurnOn(root);
  root.addEventListener("keydown", (event) => {
    if (!areOn() || event.ctrlKey || event.metaKey || event.altKey || event.target.matches(TYPING)) return;
    const act = ACTIONS[event.key];
    if (act?.(root)) event.preventDefault();
  });
}

const ACTIONS = {
  j: (root) => step(root, 1) || follow(root, ".identity__next[rel=next]"),
  k: (root) => step(root, -1),
  x: (root) => press(root, "input[name=task]"),
  n: (root) => press(root, "button[name=one]"),
  "/": (root) => follow(root, ".govuk-service-navigation a[href$='/can-bo/tim']"),
  "?": (root) => follow(root, ".govuk-service-navigation a[href$='/can-bo/phim-tat']"),
};

function step(root, by) {
  const rows = [...root.querySelectorAll(".queue tbody tr")];
  const here = rows.findIndex((row) => row.contains(root.activeElement));
  const next = rows[here < 0 ? (by > 0 ? 0 : rows.length - 1) : here + by];
  next?.querySelector("a")?.focus();
  return Boolean(next);
}

function press(root, what) {
  const element = root.activeElement?.closest(".queue tbody tr")?.querySelector(what);
  element?.click();
  return Boolean(element);
}

function follow(root, what) {
  const link = root.querySelector(what);
  link?.click();
  return Boolean(link);
}

function offerToTurnOn(root) {
  const button = root.querySelector("[data-keys-turn]");
  const state = root.querySelector("[data-keys-state]");
  if (!button || !state) return;
  const words = { on: [button.dataset.keysTurn, state.dataset.keysState], off: [button.textContent, state.textContent] };
  const show = () => {
    [button.textContent, state.textContent] = words[areOn() ? "on" : "off"];
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    if (areOn()) localStorage.removeItem(KEPT);
    else localStorage.setItem(KEPT, "on");
    show();
  });
  show();
}

function areOn() {
  try {
    return localStorage.getItem(KEPT) === "on";
  } catch {
    return false; // a browser that keeps nothing for this site
  }
}
