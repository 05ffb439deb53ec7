// Small conveniences. Everything here has a way that works without script.

import { all, sendAlong, word } from "./dom";

export function startMenus(): void {
  const menus = all<HTMLDetailsElement>("details.menu");
  document.addEventListener("click", (event) => {
    for (const menu of menus) {
      if (menu.open && event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of menus) {
      if (!menu.open) continue;
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
}

/** The summary of a form's faults is read first. */
export function focusSummary(): void {
  document.querySelector<HTMLElement>("[data-focus]")?.focus();
}

/** [data-copy="id"] copies that element's text; hidden where copying is impossible. */
export function startCopy(): void {
  if (!navigator.clipboard) return;
  for (const button of all<HTMLButtonElement>("[data-copy]")) {
    button.hidden = false;
    const told = document.createElement("span");
    told.className = "copied";
    told.setAttribute("role", "status");
    button.after(" ", told);
    button.addEventListener("click", () => {
      const source = document.getElementById(button.dataset["copy"] ?? "");
      const text = source instanceof HTMLTextAreaElement || source instanceof HTMLInputElement ? source.value : source?.textContent;
      void navigator.clipboard.writeText((text ?? "").trim()).then(() => {
        told.textContent = word("copied");
      });
    });
  }
}

/** button[data-confirm="question"] asks in a dialog, then sends confirmed=yes; without it the server asks on a page. */
export function startConfirm(): void {
  if (typeof HTMLDialogElement === "undefined") return;
  for (const button of all<HTMLButtonElement>("button[data-confirm]")) {
    button.addEventListener("click", (event) => {
      if (!button.form || button.dataset["confirmed"]) return;
      event.preventDefault();
      ask(button, button.form);
    });
  }
}

function ask(button: HTMLButtonElement, form: HTMLFormElement): void {
  askFirst(button.dataset["confirm"] ?? "", (button.textContent ?? "").trim(), button, () => {
    sendAlong(form, "confirmed", "yes");
    button.dataset["confirmed"] = "yes";
    button.click();
    delete button.dataset["confirmed"];
  });
}

/** Asks in a dialog whose harmless choice has the focus; it comes back to `back`. */
export function askFirst(words: string, yes: string, back: HTMLElement, run: () => void): void {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  const question = document.createElement("p");
  question.id = "confirm-question";
  question.textContent = words;
  dialog.setAttribute("aria-labelledby", question.id);
  const row = document.createElement("div");
  row.className = "form-end";
  const stay = choice("btn btn--secondary", word("cancel"), () => dialog.close());
  const go = choice("btn btn--danger-solid", yes, () => {
    dialog.close();
    run();
  });
  row.append(stay, go);
  dialog.append(question, row);
  dialog.addEventListener("close", () => {
    dialog.remove();
    back.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  stay.focus();
}

function choice(look: string, label: string, run: () => void): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = look;
  button.textContent = label;
  button.addEventListener("click", run);
  return button;
}

/** [data-date-pick="word"] gets a calendar button; the text field stays the field. */
export function startDatePick(): void {
  for (const box of all<HTMLElement>("[data-date-pick]")) {
    const text = box.querySelector<HTMLInputElement>("input");
    const native = document.createElement("input");
    native.type = "date";
    if (!text || typeof native.showPicker !== "function") continue;
    native.className = "date__native";
    native.tabIndex = -1;
    native.setAttribute("aria-hidden", "true");
    const button = choice("btn btn--secondary btn--small", box.dataset["datePick"] ?? "", () => {
      native.value = /^\d{4}-\d{2}-\d{2}$/.test(text.value) ? text.value : "";
      native.showPicker();
    });
    native.addEventListener("change", (event) => {
      event.stopPropagation();
      if (native.value === "") return;
      text.value = native.value;
      text.dispatchEvent(new Event("change", { bubbles: true }));
    });
    native.addEventListener("input", (event) => event.stopPropagation());
    box.append(button, native);
  }
}

/** A table that fits needs no stop of its own for the keyboard. */
export function quietTables(): void {
  for (const wrap of all<HTMLElement>(".table-wrap")) {
    if (wrap.scrollWidth <= wrap.clientWidth) wrap.removeAttribute("tabindex");
  }
}
