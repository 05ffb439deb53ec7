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

/** A link within our own pages; the bare words where the address leads elsewhere. */
export function link(words: string, to: string): HTMLElement {
  if (!/^\/(?!\/)/.test(to)) return made("span", "", words);
  const element = made("a", "", words);
  element.href = to;
  return element;
}
