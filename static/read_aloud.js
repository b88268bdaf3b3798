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

  function follow(form) {
    const text = form.querySelector("[data-read-aloud]");
    const boxes = [...form.querySelectorAll("[data-spoken]")];
    for (const box of boxes.filter((one) => one.dataset.comesFrom)) {
      box.closest(".choice").hidden = isEmpty(form, box.dataset.comesFrom);
    }
    const spoken = boxes.filter((box) => box.checked && !box.closest("[hidden]")).map((box) => box.dataset.spoken);
    const chosen = form.querySelector("[data-receiver]:checked") ?? text;
    const said = text.dataset.readAloud.replace("{receiver}", chosen.dataset.receiver).replace("{items}", listed(spoken));
    if (text.textContent !== said) text.textContent = said;
  }

  function start() {
    const form = document.querySelector("[data-read-aloud]")?.closest("form");
    if (!form) return;
    const again = () => setTimeout(() => follow(form)); // after the parts that depend on an answer were shown or hidden
    form.addEventListener("input", again);
    form.addEventListener("change", again);
    document.addEventListener("htmx:afterSwap", again);
    again();
  }

  document.addEventListener("DOMContentLoaded", start);
})();
