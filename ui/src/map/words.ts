// The words of the picture, written into #map by the server; what every page has stands at <body>.

import { word } from "../dom";

/** A word; a sign of percent in it is the place for a number or a name. */
export function saying(name: string, what: string | number = ""): string {
  const own = document.getElementById("map")?.getAttribute(`data-word-${name}`);
  return (own ?? word(name)).replace("%", () => String(what));
}

/** Danger in words, with a mark that stands for it where there is no room; empty for none. */
export function dangerWords(danger: number): string {
  return danger === 0 ? "" : `${danger === 2 ? "‼" : "！"}${saying(`danger-${danger}`)}`;
}

/** How bad a finding is; 0 is something that is not known and to be asked. */
export function levelWords(level: number): string {
  return level === 0 ? `？${saying("danger-0")}` : dangerWords(level);
}

/** Several things after each other, as the page's language does it; nothing twice. */
export function listed(parts: string[]): string {
  return parts.filter((part, at) => part !== "" && parts.indexOf(part) === at).join(saying("comma"));
}
