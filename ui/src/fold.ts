// Folded parts of a page: open where an address or a fault leads into them, and all of them on paper. Without script the server
// opens what it leads to, and newer browsers do the rest by themselves.

import { all } from "./dom";

const FOLDED = "main details:not([open])";

export function startFolds(): void {
  reveal(location.hash);
  window.addEventListener("hashchange", () => reveal(location.hash));
  // The same line of a summary of faults, pressed twice, changes no address.
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href^="#"]') : null;
    if (link) reveal(link.hash);
  });
  let opened: HTMLDetailsElement[] = [];
  window.addEventListener("beforeprint", () => {
    opened = all<HTMLDetailsElement>(FOLDED);
    for (const part of opened) part.open = true;
  });
  window.addEventListener("afterprint", () => {
    for (const part of opened) part.open = false;
    opened = [];
  });
}

/** Opens every folded part around the place that an address names, and that place itself. */
function reveal(hash: string): void {
  const place = hash.length > 1 ? document.getElementById(decoded(hash.slice(1))) : null;
  let part = place?.closest("details") ?? null;
  while (part) {
    part.open = true;
    part = part.parentElement?.closest("details") ?? null;
  }
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
