/* The text that is read to her follows what is ticked and which service is chosen. Without a script the server fills it
   in when the page is answered. What there is nothing of to share cannot be ticked. */
(() => {
  "use strict";

  function listed(parts) {
    return parts.length > 1 ? `${parts.slice(0, -1).join(", ")} en ${parts.at(-1)}` : parts.join("");
  }

  function isEmpty(form, name) {
    const control = form.elements[name];
    return !control || control.value.trim() === "" || Boolean(control.closest("[data-show-when][hidden]"));
  }

  // Whether it made another text of it.
  function follow(form) {
    const text = form.querySelector("[data-read-aloud]");
    const boxes = [...form.querySelectorAll("[data-spoken]")];
    for (const box of boxes.filter((one) => one.dataset.comesFrom)) {
      box.closest(".choice").hidden = isEmpty(form, box.dataset.comesFrom);
    }
    const spoken = boxes.filter((box) => box.checked && !box.closest("[hidden]")).map((box) => box.dataset.spoken);
    const receiver = (form.querySelector("[data-receiver]:checked") ?? text).dataset.receiver;
    const said = text.dataset.readAloud.replace("{receiver}", () => receiver).replace("{items}", () => listed(spoken));
    const isOther = text.textContent !== said;
    if (isOther) text.textContent = said;
    return isOther;
  }

  // She agreed to another text: that does not count for this one.
  function askAgain(form) {
    const agreed = form.elements.agreed;
    if (!agreed?.checked) return;
    agreed.checked = false;
    say(form, "De tekst is veranderd. Lees hem opnieuw aan haar voor.");
  }

  function say(form, sentence) {
    form.querySelector("[data-read-again]").textContent = sentence;
  }

  function start() {
    const form = document.querySelector("[data-read-aloud]")?.closest("form");
    if (!form) return;
    // after the parts of the page that depend on an answer were shown or hidden
    const again = () => setTimeout(() => follow(form) && askAgain(form));
    form.addEventListener("input", again);
    form.addEventListener("change", again);
    document.addEventListener("htmx:afterSwap", again);
    form.elements.agreed?.addEventListener("change", () => say(form, ""));
    setTimeout(() => follow(form));
  }

  document.addEventListener("DOMContentLoaded", start);
})();
