// The few things every script here needs.

/** A word of the page's language, written into <body> by the server. */
export function word(name: string): string {
  return document.body.getAttribute(`data-word-${name}`) ?? "";
}

export function all<T extends Element>(selector: string, root: ParentNode = document): T[] {
  return Array.from(root.querySelectorAll<T>(selector));
}

/** Shows a message at a field, or takes it away when it is empty. The places are made by components.html. */
export function fieldError(id: string, message: string): void {
  const line = document.getElementById(`${id}-error`);
  if (!line) return;
  const text = line.querySelector("span");
  if (text) text.textContent = message;
  line.hidden = message === "";
  const field = document.getElementById(id);
  if (!field) return;
  const described = (field.getAttribute("aria-describedby") ?? "").split(/\s+/).filter((d) => d && d !== line.id);
  if (message === "") {
    field.removeAttribute("aria-invalid");
  } else {
    field.setAttribute("aria-invalid", "true");
    described.push(line.id);
  }
  if (described.length > 0) field.setAttribute("aria-describedby", described.join(" "));
  else field.removeAttribute("aria-describedby");
}

/** Sends one more value with a form. */
export function sendAlong(form: HTMLFormElement, name: string, value: string): void {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = name;
  field.value = value;
  form.append(field);
}

/** What takes the focus by Tab, as far as our pages use it. */
const STOPS = "a[href], button:not([disabled]), input:not([type=hidden]), select, textarea, summary";

/** Replaces what is in a place; a focus inside stays on the part that comes to stand there. */
export function replaceContent(place: HTMLElement, html: string): void {
  const at = all<HTMLElement>(STOPS, place).findIndex((stop) => stop === document.activeElement);
  place.innerHTML = html;
  if (at < 0) return;
  const stops = all<HTMLElement>(STOPS, place);
  const next = stops[Math.min(at, stops.length - 1)] ?? place;
  if (next === place) place.tabIndex = -1;
  next.focus({ preventScroll: true });
}

/** Whether this browser is a shared place, where nothing of one person may stay for the next. */
export function isShared(): boolean {
  return document.body.dataset["shared"] !== undefined;
}

/** What every form of this person carries. */
export function token(): string {
  return document.body.dataset["csrf"] ?? "";
}

/** At a shared place: whatever anybody's drafts this browser kept before it was one. */
export function forgetEverybody(): void {
  try {
    for (const store of [window.localStorage, window.sessionStorage]) store.clear();
  } catch {
    // Nothing is kept where storage is switched off.
  }
}

/** The browser's storage, or null where it is switched off or not one person's. */
export function storage(): Storage | null {
  if (isShared()) return null;
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
