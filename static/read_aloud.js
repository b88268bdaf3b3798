/* The text that is read to her follows what is ticked and which service is chosen. Without a script the server fills it
   in when the page is answered. What there is nothing of to share cannot be ticked. To who keeps no file nothing goes but
   what one needs to call her, and another text says so. */
(() => {
  "use strict";

  function listed(parts) {
    return parts.length > 1 ? `${parts.slice(0, -1).join(", ")} en ${parts.at(-1)}` : parts.join("");
  }

  function isFilledIn(form, name) {
    const control = form.elements[name];
    return Boolean(control) && control.value.trim() !== "" && !control.closest("[data-show-when][hidden]");
  }

  // What comes from a field is there to share once that is filled in, or once something chosen brings it along.
  function isThere(form, box, withoutFile) {
    const { comesFrom } = box.dataset;
    if (withoutFile) return "needed" in box.dataset;
    return (
      comesFrom === undefined ||
      isFilledIn(form, comesFrom) ||
      Boolean(form.querySelector(`[data-gives="${box.value}"]:checked`))
    );
  }

  // Whether it made another text of it. What is on the page is sent along.
  function follow(form) {
    const text = form.querySelector("[data-read-aloud]");
    const boxes = [...form.querySelectorAll("[data-spoken]")];
    const chosen = form.querySelector("[data-receiver]:checked");
    const withoutFile = Boolean(chosen && "keepsNoFile" in chosen.dataset);
    for (const part of form.querySelectorAll("[data-with-file]")) part.hidden = withoutFile;
    for (const part of form.querySelectorAll("[data-without-file]")) part.hidden = !withoutFile;
    for (const box of boxes) box.closest(".choice").hidden = !isThere(form, box, withoutFile);
    const spoken = boxes.filter((box) => box.checked && !box.closest("[hidden]")).map((box) => box.dataset.spoken);
    const { receiver } = (chosen ?? text).dataset;
    const template = withoutFile ? text.dataset.readAloudWithoutFile : text.dataset.readAloud;
    const said = template.replace("{receiver}", () => receiver).replace("{items}", () => listed(spoken));
    const isOther = text.textContent !== said;
    if (isOther) text.textContent = said;
    form.elements.shown.value = said;
    return isOther;
  }

  // She agreed to another text: that does not count for this one.
  function askAgain(form) {
    const agreed = form.elements.agreed;
    if (!agreed?.checked) return;
    agreed.checked = false;
    say(form, "De tekst is veranderd. Lees hem opnieuw aan haar voor en vink het dan aan.");
  }

  function say(form, sentence) {
    form.querySelector("[data-read-again]").textContent = sentence;
  }

  // What was chosen while other cards were on their way stays chosen, when it is among them.
  function keepChoice(form) {
    let chosen = null;
    document.addEventListener("htmx:beforeSwap", () => {
      chosen = form.querySelector("[data-receiver]:checked")?.value ?? null;
    });
    document.addEventListener("htmx:afterSwap", () => {
      if (chosen === null || form.querySelector("[data-receiver]:checked")) return;
      const same = [...form.querySelectorAll("input[data-receiver]")].find((card) => card.value === chosen);
      if (same) {
        same.checked = true;
        same.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
  }

  function start() {
    const form = document.querySelector("[data-read-aloud]")?.closest("form");
    if (!form) return;
    keepChoice(form);
    // after the parts of the page that depend on an answer were shown or hidden
    const again = () => setTimeout(() => follow(form) && askAgain(form));
    form.addEventListener("input", again);
    form.addEventListener("change", again);
    document.addEventListener("htmx:afterSwap", again);
    form.elements.agreed?.addEventListener("change", () => say(form, ""));
    again(); // a browser may have kept other answers than the server knew
  }

  document.addEventListener("DOMContentLoaded", start);
})();
