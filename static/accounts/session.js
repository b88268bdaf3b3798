/* The end of a session. Two minutes before, it asks whether she is still there; when it ends, the screen goes to the
   log-in page and what she was typing waits for her on the server, never in the browser. Who types, is there: the server
   is told so at most once a minute. Without this script the server does the same when she sends the form. */
(() => {
  "use strict";

  const { clock, login, left } = document.currentScript.dataset;
  const over = `${clock}voorbij/`;
  const WARN = 120;
  const TELL_EVERY = 60000;
  let endsAt = Date.now() + left * 1000;
  let renewable = true;
  let told = Date.now();
  let typedIn = null;
  let timer = null;
  let dialog = null;

  const secondsLeft = () => Math.round((endsAt - Date.now()) / 1000);
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

  async function ask(method) {
    const answer = await fetch(clock, { method, headers: { "X-CSRFToken": token() } });
    const said = await answer.json();
    endsAt = Date.now() + said.left * 1000;
    renewable = said.renewable;
  }

  async function renew() {
    told = Date.now();
    try {
      await ask("POST");
    } catch {
      /* no network: the clock goes on as it was */
    }
    plan();
  }

  // Another window may have renewed it: ask before saying anything.
  async function look() {
    try {
      await ask("GET");
    } catch {
      /* as above */
    }
    if (secondsLeft() <= 3) end();
    else {
      if (secondsLeft() <= WARN) warn();
      plan();
    }
  }

  function plan() {
    clearTimeout(timer);
    const until = secondsLeft() - (dialog?.open ? 2 : WARN);
    if (secondsLeft() > WARN && dialog?.open) dialog.close();
    timer = setTimeout(look, Math.max(1, until) * 1000);
  }

  function element(name, text, className) {
    const made = document.createElement(name);
    made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function warn() {
    if (dialog?.open) return;
    dialog?.remove();
    dialog = element("dialog", "", "dialog stack");
    dialog.setAttribute("role", "alertdialog");
    dialog.setAttribute("aria-labelledby", "sessie-kop");
    dialog.setAttribute("aria-describedby", "sessie-tekst");
    const heading = element("h2", renewable ? "Ben je er nog?" : "Je bent bijna uitgelogd");
    heading.id = "sessie-kop";
    const minutes = Math.max(1, Math.round(secondsLeft() / 60));
    const soon = `Over ${minutes} ${minutes === 1 ? "minuut" : "minuten"} word je uitgelogd`;
    const text = element(
      "p",
      renewable
        ? `${soon}, omdat je een tijd niets deed. Wat je in een formulier hebt getypt, krijg je terug als je weer inlogt.`
        : `${soon}, omdat je al de hele dag bent ingelogd. Bewaar waar je mee bezig bent, of log daarna opnieuw in: wat je hebt getypt, krijg je terug.`,
    );
    text.id = "sessie-tekst";
    const buttons = element("div", "", "buttons");
    const stay = element("button", renewable ? "Verder werken" : "Ik weet het", "nl-button nl-button--primary");
    stay.type = "button";
    stay.addEventListener("click", () => {
      dialog.close();
      if (renewable) renew();
    });
    const logOut = document.querySelector("form[action$='/account/logout/']");
    const leave = element("button", "Nu uitloggen", "nl-button nl-button--subtle");
    leave.type = "button";
    leave.addEventListener("click", () => logOut.requestSubmit());
    buttons.append(stay, leave);
    dialog.append(heading, text, buttons);
    dialog.addEventListener("cancel", () => renewable && renew());
    document.body.append(dialog);
    dialog.showModal();
    stay.focus();
  }

  async function end() {
    clearTimeout(timer);
    const body = new FormData(typedIn?.isConnected ? typedIn : undefined);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    body.set("csrfmiddlewaretoken", token());
    if (typedIn?.isConnected) {
      const target = new URL(typedIn.getAttribute("action") || location.href, location.href);
      body.set("_path", target.pathname + target.search);
    }
    let next = login;
    try {
      const answer = await fetch(over, { method: "POST", body: new URLSearchParams(body) });
      if (answer.ok) next = (await answer.json()).next;
    } catch {
      /* no network: the log-in page says so by itself */
    }
    location.replace(next);
  }

  // She types: she is there. In a form of the page itself it is remembered which one.
  document.addEventListener("input", (event) => {
    if (!event.isTrusted) return;
    const form = event.target.form;
    if (form?.method === "post" && form.closest("main")) typedIn = form;
    if (renewable && Date.now() - told > TELL_EVERY) renew();
  });
  document.addEventListener("submit", (event) => {
    if (event.target === typedIn && !event.defaultPrevented) typedIn = null;
  });

  // What htmx asks for by itself does not count; the server renews only what is marked as done by hand.
  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.triggeringEvent?.isTrusted) {
      event.detail.headers["By-Hand"] = "1";
      told = Date.now();
    }
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.requestConfig?.headers["By-Hand"]) look();
  });

  // It ran out meanwhile: bring what she types to safety before htmx leaves the page.
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (!event.detail.xhr.getResponseHeader("HX-Redirect")?.startsWith(login)) return;
    event.preventDefault();
    end();
  });

  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && secondsLeft() <= WARN) look(); // a computer that slept
  });
  window.addEventListener("pageshow", (event) => event.persisted && look());
  plan();
})();
