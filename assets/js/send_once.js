// A form leaves once: a second click waits for the first answer, for as long as that may take on a slow line.
const PATIENCE_MILLISECONDS = 20_000;

export function sendOnce(root) {
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post") return;
    if (form.dataset.sent === "yes") {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    // Somebody who stopped the page from loading may try again; the server makes one record of both.
    setTimeout(() => delete form.dataset.sent, PATIENCE_MILLISECONDS);
  });
  // Coming back by the browser's own button shows the old page: its form may leave again.
  window.addEventListener("pageshow", () => {
    for (const form of root.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
}
