// Without this file the button stays hidden: the browser's own menu prints as well.
export function printPage(root) {
  for (const button of root.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
}
