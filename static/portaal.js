/* What a script adds. Every page works without it.

   [data-announce]        read out after htmx swapped it in
   [data-focus]           takes focus after htmx swapped it in
   [data-show-when]       "field=value" or "field=one|two": shown only while that field has that value
   [data-combobox]        a select in which you can type
   [data-dialog]          a link or button that opens the <dialog> with that id
   [data-close]           a button that closes the <dialog> it is in
   [data-copy]            a box whose text can be copied with a button
   [data-print]           a hidden button that prints the page
   [data-allow-resubmit]  a form that may be sent twice, such as a download
*/
(() => {
  "use strict";

  const script = document.currentScript;

  // Live regions: a screen reader reads what changes in them, not what was there when the page opened.

  function announceMessages() {
    const region = document.getElementById("meldingen");
    if (!region || !region.children.length) return;
    const messages = [...region.childNodes];
    const height = region.offsetHeight;
    region.style.minHeight = `${height}px`;
    region.replaceChildren();
    setTimeout(() => {
      region.replaceChildren(...messages);
      region.style.minHeight = "";
    }, 120);
  }

  function announce(text) {
    const region = document.getElementById("mededeling");
    if (!region || !text) return;
    region.textContent = "";
    setTimeout(() => {
      region.textContent = text;
    }, 120);
  }

  // Forms: pressed twice is sent once. The server has its own safeguard; this one spares people a surprise.

  function guardSubmit(event) {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-allow-resubmit")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
    setTimeout(() => release(form), 10000);
  }

  function release(form) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }

  function releaseAll() {
    document.querySelectorAll("form[data-sent]").forEach(release);
  }

  // Parts that only matter after a certain answer.

  function valueOf(form, name) {
    return [...form.elements]
      .filter((control) => control.name === name || control.name.endsWith(`-${name}`))
      .filter((control) => !["radio", "checkbox"].includes(control.type) || control.checked)
      .map((control) => control.value);
  }

  function showWhen(part) {
    const form = part.closest("form");
    if (!form) return;
    const [name, wanted] = part.dataset.showWhen.split("=");
    part.hidden = !valueOf(form, name).some((value) => wanted.split("|").includes(value));
  }

  function showParts(root) {
    root.querySelectorAll("[data-show-when]").forEach(showWhen);
  }

  // A select in which you can type.

  let comboboxScript = null;

  function loadCombobox() {
    comboboxScript ??= new Promise((resolve) => {
      const element = document.createElement("script");
      element.src = script.dataset.comboboxScript;
      element.onload = resolve;
      document.head.append(element);
    });
    return comboboxScript;
  }

  async function enhanceSelects(root) {
    const selects = [...root.querySelectorAll("select[data-combobox]")];
    if (!selects.length) return;
    await loadCombobox();
    selects
      .filter((select) => select.isConnected && select.style.display !== "none")
      .forEach((select) => {
        const { id, name } = select;
        const describedBy = select.getAttribute("aria-describedby");
        const invalid = select.getAttribute("aria-invalid");
        window.accessibleAutocomplete.enhanceSelectElement({
          selectElement: select,
          name: "",
          autoselect: false,
          confirmOnBlur: false,
          showAllValues: true,
          displayMenu: "overlay",
          dropdownArrow: () => '<svg class="autocomplete__arrow" viewBox="0 0 12 12"><path d="M1 3.5l5 5 5-5"/></svg>',
          preserveNullOptions: true,
          defaultValue: select.value ? select.selectedOptions[0].textContent.trim() : "",
          tNoResults: () => "Niets gevonden",
          tStatusQueryTooShort: (length) => `Typ ${length} letters of meer`,
          tStatusNoResults: () => "Niets gevonden",
          tStatusResults: (count) => (count === 1 ? "1 keuze" : `${count} keuzes`),
          tStatusSelectedOption: (option, count, index) => `${option}, ${index + 1} van ${count}`,
          tAssistiveHint: () => "Typ om te zoeken en kies met de pijltjes.",
          onConfirm: (text) => choose(select, text),
        });
        const input = document.getElementById(id);
        if (!input || input === select) return;
        if (describedBy) input.setAttribute("aria-describedby", describedBy);
        if (invalid) input.setAttribute("aria-invalid", invalid);
        input.addEventListener("blur", () => choose(select, input.value));
        select.name = name;
      });
  }

  function choose(select, text) {
    if (text === undefined) return;
    const option = [...select.options].find((one) => one.textContent.trim() === text.trim());
    const value = option ? option.value : "";
    if (select.value === value) return;
    select.value = value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }

  // Copying and printing.

  function addCopyButtons(root) {
    if (!navigator.clipboard) return;
    root.querySelectorAll("[data-copy]").forEach((box) => {
      if (box.querySelector("[data-copy-button]")) return;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "nl-button nl-button--secondary no-print";
      button.dataset.copyButton = "";
      button.textContent = "Kopieer de tekst";
      button.addEventListener("click", async () => {
        const text = [...box.querySelectorAll("pre")].map((part) => part.textContent).join("\n");
        await navigator.clipboard.writeText(text);
        button.textContent = "Gekopieerd";
        announce("De tekst is gekopieerd.");
      });
      box.append(button);
    });
  }

  function enhance(root) {
    showParts(root);
    enhanceSelects(root);
    addCopyButtons(root);
    root.querySelectorAll("[data-print][hidden]").forEach((button) => {
      button.hidden = false;
    });
  }

  // After htmx put something on the page: focus goes to what changed, if it was there or has nowhere else to be.

  function focusOn(element) {
    if (!element.hasAttribute("tabindex") && element.tabIndex < 0) element.setAttribute("tabindex", "-1");
    element.focus();
  }

  function afterSwap(event) {
    const part = event.detail.elt ?? event.target;
    if (!(part instanceof Element)) return;
    enhance(part.parentElement ?? part);
    if (part.closest("[aria-live]")) return; // a live region speaks for itself
    const find = (selector) => (part.matches(selector) ? part : part.querySelector(selector));
    const summary = find(".error-summary");
    const wanted = summary ?? find("[data-focus]");
    if (wanted) focusOn(wanted);
    else if (document.activeElement === document.body || document.activeElement === null) focusOn(part);
    announce(find("[data-announce]")?.textContent.trim());
    const title = document.title.replace(/^Fout: /, "");
    document.title = document.querySelector(".error-summary") ? `Fout: ${title}` : title;
  }

  // What htmx asked for and did not get: the heading and the first sentence of the page that came instead.

  function tellWhatWentWrong(event) {
    const region = document.getElementById("meldingen");
    if (!region) return;
    const page = new DOMParser().parseFromString(event.detail.xhr?.responseText ?? "", "text/html");
    const said = [page.querySelector("h1"), page.querySelector("main p")].filter(Boolean);
    const alert = document.createElement("div");
    alert.className = "utrecht-alert utrecht-alert--error";
    const texts = said.length ? said.map((part) => part.textContent.trim()) : ["Er is geen verbinding. Probeer het zo opnieuw."];
    for (const text of texts) {
      const line = document.createElement("p");
      line.textContent = text;
      alert.append(line);
    }
    region.replaceChildren(alert);
    region.scrollIntoView({ block: "nearest" });
  }

  // One listener a kind, on the document.

  document.addEventListener("submit", guardSubmit);
  document.addEventListener("htmx:afterRequest", releaseAll);
  document.addEventListener("htmx:load", afterLoad);
  document.addEventListener("htmx:responseError", tellWhatWentWrong);
  document.addEventListener("htmx:sendError", tellWhatWentWrong);
  window.addEventListener("pageshow", releaseAll);

  let started = false;

  function afterLoad(event) {
    if (started) afterSwap(event);
  }

  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form) showParts(form);
  });

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    const dialog = opener && document.getElementById(opener.dataset.dialog);
    if (dialog instanceof HTMLDialogElement) {
      event.preventDefault();
      dialog.showModal();
    }
    const problem = event.target.closest(".error-summary a");
    const control = problem && document.getElementById(problem.hash.slice(1));
    if (control) {
      event.preventDefault(); // an address with a # would keep the summary from its autofocus the next time
      control.focus({ preventScroll: true });
      (control.closest(".utrecht-form-field") ?? control).scrollIntoView({ block: "start" });
    }
    event.target.closest("[data-close]")?.closest("dialog")?.close();
    if (event.target.closest("[data-print]")) window.print();
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.menu[open]").forEach((menu) => {
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) menu.querySelector("summary").focus();
    });
  });

  document.addEventListener("DOMContentLoaded", () => {
    enhance(document);
    announceMessages();
    setTimeout(() => {
      started = true;
    });
  });
})();
