// Work that goes on in the background: the page looks again, and opens anew once there is something else to see.
const EVERY_MILLISECONDS = 2_000;

export function followProgress(root) {
  const shown = [...root.querySelectorAll("[data-follow]")];
  if (!shown.length) return;
  async function look() {
    try {
      const answer = await fetch(location.href, { cache: "no-store", headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = [...page.querySelectorAll("[data-follow]")];
      if (next.length !== shown.length) {
        location.reload();
        return;
      }
      shown.forEach((part, at) => part.replaceChildren(...next[at].childNodes));
    } catch {
      // A line that is down for a moment: look again.
    }
    setTimeout(look, EVERY_MILLISECONDS);
  }
  setTimeout(look, EVERY_MILLISECONDS);
}
