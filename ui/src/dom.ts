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

/** The browser's storage, or null where it is switched off. */
export function storage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
