// Questions that an answer opens appear in their place, those that it closes go. Which they are, only the server knows;
// nothing that somebody is typing in is touched. `later` is called when a question could not go yet.
export function openQuestions(form, { asked, opened, later }) {
  const place = form.querySelector("[data-questions]");
  for (const question of place.querySelectorAll("[data-question]")) {
    if (asked.includes(question.dataset.question)) continue;
    if (question.contains(document.activeElement)) question.addEventListener("focusout", later, { once: true });
    else question.remove();
  }
  const made = document.createElement("template");
  made.innerHTML = opened;
  let next = null;
  for (const name of [...asked].reverse()) {
    const question = find(place, name) ?? find(made.content, name);
    if (question && !place.contains(question)) place.insertBefore(question, next);
    next = question ?? next;
  }
  const shown = [...place.querySelectorAll("[data-question]")].map((question) => question.dataset.question);
  form.elements.namedItem("asked").value = shown.join(" ");
}

function find(within, name) {
  return within.querySelector(`[data-question="${CSS.escape(name)}"]`);
}
