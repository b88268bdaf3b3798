/* A form that saves itself while somebody types: it says so, keeps trying when there is no connection, and lets nobody
   leave with something that was not saved. Without a script there is the button. */
(() => {
  "use strict";

  const AGAIN = 4000;
  const form = document.querySelector("form[data-autosave]");
  const status = form && document.getElementById("bewaard");
  if (!form || !status) return;

  let typed = 0; // how often something changed
  let sent = 0; // what was typed when the request on its way left
  let saved = 0;
  let failed = false;
  let timer = null;

  function say(text) {
    status.textContent = text;
  }

  function retry() {
    clearTimeout(timer);
    timer = setTimeout(() => window.htmx.trigger(form, "save"), AGAIN);
  }

  function onFailure(text) {
    failed = true;
    say(text);
    retry();
  }

  form.addEventListener("input", () => {
    typed += 1;
    if (!failed) say("Nog niet bewaard…");
  });
  form.addEventListener("submit", () => {
    saved = typed;
    failed = false;
  });
  form.addEventListener("htmx:beforeSend", () => {
    sent = typed;
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful) return;
    failed = false;
    clearTimeout(timer);
    saved = sent;
    if (typed > saved) say("Nog niet bewaard…");
  });
  form.addEventListener("htmx:sendError", (event) => {
    event.stopPropagation(); // it is said here, beside what is typed
    onFailure("Niet bewaard: geen verbinding. We proberen het steeds opnieuw. Laat deze pagina open.");
  });
  form.addEventListener("htmx:responseError", () => onFailure("Niet bewaard. We proberen het opnieuw."));
  window.addEventListener("online", () => failed && window.htmx.trigger(form, "save"));

  // Away within a second of the last letter: what was typed still goes.
  window.addEventListener("pagehide", () => {
    if (typed > saved && !failed) fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true });
  });
  window.addEventListener("beforeunload", (event) => {
    if (failed && typed > saved) event.preventDefault();
  });
})();
