// The box in the head of a queue ticks every row, and the line below says how many are ticked.
export function chooseWholePage(root) {
  for (const whole of root.querySelectorAll("[data-choose-all]")) {
    const form = whole.form;
    const names = whole.dataset.chooseAll.split(" ").map((name) => `input[name="${name}"]`);
    const boxes = [...form.querySelectorAll(names.join())];
    const counter = form.querySelector("[data-chosen]");
    const unchosen = counter?.textContent;
    const recount = () => {
      const chosen = boxes.filter((box) => box.checked).length;
      whole.checked = chosen === boxes.length;
      whole.indeterminate = chosen > 0 && chosen < boxes.length;
      if (counter) counter.textContent = chosen ? counter.dataset.chosen.replace("0", String(chosen)) : unchosen;
    };
    whole.hidden = false;
    whole.addEventListener("change", () => {
      for (const box of boxes) box.checked = whole.checked;
      recount();
    });
    for (const box of boxes) box.addEventListener("change", recount);
    recount();
  }
}
