/* The box that searches knowledge and services. Without this script Enter opens the page of results.

   down, up     through what was found, and back to the box
   Escape       closes the panel and goes back to the box

   Only while the box or its panel has the focus: a key that does something anywhere gets in the way of who talks to the
   computer (WCAG 2.1.4).
*/
(() => {
  "use strict";

  const box = () => document.getElementById("zoekbalk");
  const panel = () => document.getElementById("zoekpaneel");
  const links = () => [...(panel()?.querySelectorAll("a") ?? [])];

  function close() {
    box().form.dispatchEvent(new Event("htmx:abort")); // an answer that is still on its way stays away
    panel().replaceChildren();
  }

  function go(event, step) {
    const stops = [box(), ...links()];
    const next = stops.indexOf(document.activeElement) + step;
    if (stops.length === 1 || next < 0 || next >= stops.length) return;
    event.preventDefault();
    stops[next].focus();
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!panel() || !box().form.contains(event.target)) return;
    if (event.key === "ArrowDown") go(event, 1);
    if (event.key === "ArrowUp") go(event, -1);
    if (event.key === "Escape" && links().length) {
      event.preventDefault(); // the first Escape closes, the next one empties the box
      box().focus();
      close();
    }
  });

  function leave(event) {
    const to = event.type === "focusout" ? event.relatedTarget : event.target;
    if (panel()?.hasChildNodes() && to && !box().form.contains(to)) close();
  }

  document.addEventListener("focusout", leave);
  document.addEventListener("click", leave);
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target === panel() && document.activeElement !== box()) event.detail.shouldSwap = false;
  });
})();
