// Parts of the page around the picture. Text from data is only ever set as text.

type Tags = HTMLElementTagNameMap;

export function made<K extends keyof Tags>(tag: K, look: string, ...inside: (Node | string)[]): Tags[K] {
  const element = document.createElement(tag);
  if (look !== "") element.className = look;
  element.append(...inside);
  return element;
}

export function button(label: string, run: () => void, look = "btn btn--secondary btn--small"): HTMLButtonElement {
  const element = made("button", look, label);
  element.type = "button";
  element.addEventListener("click", run);
  return element;
}

/** What the page's own forms carry; none of them is sent without it. */
export function csrf(): string {
  return document.querySelector<HTMLInputElement>("input[name=csrf]")?.value ?? "";
}

/** Whether keys are meant for a field. */
export function isTyping(target: EventTarget | null): boolean {
  return [HTMLInputElement, HTMLTextAreaElement, HTMLSelectElement].some((kind) => target instanceof kind);
}

/** A link within our own pages; the bare words where the address leads elsewhere. */
export function link(words: string, to: string): HTMLElement {
  if (!/^\/(?!\/)/.test(to)) return made("span", "", words);
  const element = made("a", "", words);
  element.href = to;
  return element;
}
