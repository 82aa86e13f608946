// The picture of a process follows what is typed: the page's own form asks for it, and nothing is saved.
const QUIET_MILLISECONDS = 700;

export function drawPicture(root) {
  for (const form of root.querySelectorAll("form[data-picture]")) {
    const place = document.getElementById(form.dataset.picture);
    if (place) new Drawer(form, place, root.querySelector("[data-picture-note]"));
  }
}

class Drawer {
  constructor(form, place, note) {
    this.form = form;
    this.place = place;
    this.note = note;
    form.addEventListener("input", () => this.touch());
    this.showChosen();
  }

  // The picture scrolls beside the form: the step that is being written stays in view.
  showChosen() {
    const chosen = this.place.querySelector(".route__row--chosen");
    const window = this.place.parentElement;
    if (chosen) window.scrollTop = chosen.offsetTop - window.clientHeight / 3;
  }

  touch() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.draw(), QUIET_MILLISECONDS);
  }

  // What is not finished yet has no picture: the one before stays. An answer that a later one has overtaken is dropped.
  async draw() {
    const asked = (this.asked = {});
    const body = new URLSearchParams(new FormData(this.form));
    body.set("picture", "yes");
    try {
      const answer = await fetch(location.pathname, { method: "POST", body, redirect: "error" });
      if (!answer.ok || asked !== this.asked) return;
      const drawn = new DOMParser().parseFromString((await answer.json()).picture, "text/html");
      this.place.replaceChildren(...drawn.body.childNodes);
      if (this.note) this.note.hidden = false;
      this.showChosen();
    } catch {
      // Without a line the picture is that of the last save.
    }
  }
}
