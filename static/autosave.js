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
  let boxes = {}; // what stood in each box when that request left
  let seen = {}; // and what this page knew of the notes then
  let busy = []; // boxes in which was typed since: they are left alone, and go along the next time

  const field = (name) => form.elements.namedItem(name);

  function say(text) {
    status.textContent = text;
  }

  function saveIn(moment) {
    clearTimeout(timer);
    timer = setTimeout(() => window.htmx.trigger(form, "save"), moment);
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
    busy = [];
    boxes = Object.fromEntries([...form.querySelectorAll("textarea")].map((box) => [box.name, box.value]));
    seen = JSON.parse(field("seen").value || "{}");
  });

  // What another page of hers wrote comes in the box, unless she is typing in it at this moment.
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const box = event.detail.target;
    if (!(box instanceof HTMLTextAreaElement) || box.form !== form || boxes[box.name] === box.value) return;
    event.detail.shouldSwap = false;
    busy.push(box.name.replace("bij-", ""));
  });

  form.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful) return;
    failed = false;
    clearTimeout(timer);
    saved = sent;
    if (busy.length) {
      const now = JSON.parse(field("seen").value);
      busy.forEach((subject) => {
        now[subject] = seen[subject] ?? "";
      });
      field("seen").value = JSON.stringify(now);
      saveIn(AGAIN);
    }
    if (typed > saved) say("Nog niet bewaard…");
  });
  form.addEventListener("htmx:sendError", (event) => {
    event.stopPropagation(); // it is said here, beside what is typed
    failed = true;
    say("Niet bewaard: geen verbinding. We proberen het steeds opnieuw. Laat deze pagina open.");
    saveIn(AGAIN);
  });
  form.addEventListener("htmx:responseError", (event) => {
    failed = true;
    if (event.detail.xhr.status >= 500) {
      say("Niet bewaard. We proberen het opnieuw.");
      saveIn(AGAIN);
    } else {
      say("Niet bewaard: deze pagina werkt niet meer. Kopieer je tekst, en open het gesprek opnieuw.");
    }
  });
  window.addEventListener("online", () => failed && window.htmx.trigger(form, "save"));

  // What came back after a log-in was not saved yet.
  if (form.hasAttribute("data-unsaved")) {
    typed = 1;
    say("Nog niet bewaard…");
    window.addEventListener("load", () => saveIn(0));
  }

  // Away within a second of the last letter: what was typed still goes.
  window.addEventListener("pagehide", () => {
    if (typed > saved && !failed) fetch(form.action, { method: "POST", body: new FormData(form), keepalive: true });
  });
  window.addEventListener("beforeunload", (event) => {
    if (failed && typed > saved) event.preventDefault();
  });
})();
