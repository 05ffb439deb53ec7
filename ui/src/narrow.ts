// [data-narrow="id"] holds a search field over the tiles of that element: what does not contain its words is hidden, what is
// chosen stays. Without script the field is hidden and the list is whole.

import { all } from "./dom";

export function startNarrow(): void {
  for (const place of all<HTMLElement>("[data-narrow]")) {
    const field = place.querySelector<HTMLInputElement>("input");
    const list = document.getElementById(place.dataset["narrow"] ?? "");
    if (!field || !list) continue;
    place.hidden = false;
    field.addEventListener("input", () => narrow(list, field.value));
    // The key that sends a form would send it half filled.
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") event.preventDefault();
    });
  }
}

function narrow(list: HTMLElement, typed: string): void {
  const wanted = folded(typed);
  for (const tile of all<HTMLElement>(".tile", list)) {
    const chosen = tile.querySelector<HTMLInputElement>("input")?.checked === true;
    tile.hidden = !chosen && !folded(tile.textContent ?? "").includes(wanted);
  }
}

/** Width, case and kana make no difference. */
function folded(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .trim()
    .replace(/[\u3041-\u3096]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0x60));
}
