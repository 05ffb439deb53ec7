// A small picture of each kind, 24 units wide, drawn in lines as those of icons.svg.

const PATHS: Record<string, string> = {
  server: "M4 3h16v7H4zM4 14h16v7H4zM7.5 6.5h.01M7.5 17.5h.01M12 6.5h5M12 17.5h5",
  terminal: "M3 4h18v12H3zM8 20.5h8M12 16v4.5",
  network_device: "M3 13h18v7H3zM7 16.5h.01M11 16.5h.01M15 16.5h3M12 13V9M8.5 6a5 5 0 0 1 7 0M6 3.5a9 9 0 0 1 12 0",
  medical_device: "M3 12h4l2-6 4 13 3-9 1.5 2H21",
  office_device: "M7 8V3h10v5M7 17H3V8h18v9h-4M7 14h10v7H7z",
  cloud_service: "M7 19a4.5 4.5 0 0 1-.5-9 6 6 0 0 1 11.5 1.5A3.8 3.8 0 0 1 17.5 19z",
  data_store: "M4 6c0-4 16-4 16 0v12c0 4-16 4-16 0zM4 6c0 4 16 4 16 0M4 12c0 4 16 4 16 0",
  backup: "M4 12a8 8 0 1 0 2.5-5.8M4 3v4.5h4.5M12 8v4.5l3 2",
  account_group: "M8 15a4 4 0 1 1 3.5-2L21 13v4h-3v-2h-3v2h-2.5M7 11h.01",
  place: "M12 21c-4-5-6.5-8-6.5-11.5a6.5 6.5 0 0 1 13 0C18.5 13 16 16 12 21zM12 9.5h.01",
  care_process: "M12 20C7 16 3 12.5 3 8.5A4.5 4.5 0 0 1 12 7a4.5 4.5 0 0 1 9 1.5C21 12.5 17 16 12 20z",
  system: "M3 4h8v7H3zM13 4h8v7h-8zM3 13h8v7H3zM13 13h8v7h-8z",
  zone: "M3 3h18v18H3zM7 8h4v3H7zM13 14h4v3h-4zM9 11v4.5h4",
  vendor: "M14.5 6.5a4 4 0 0 0-5 5L3 18l3 3 6.5-6.5a4 4 0 0 0 5-5L15 12l-3-3z",
  internet: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c3 2.5 4 5.5 4 9s-1 6.5-4 9c-3-2.5-4-5.5-4-9s1-6.5 4-9z",
};
const OTHER = "M4 4h16v16H4z";

export function path(kind: string): string {
  return PATHS[kind] ?? OTHER;
}

/** The picture as an address that a canvas can draw. */
export function picture(kind: string, colour: string): string {
  const lines = `fill="none" stroke="${colour}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"`;
  // Canvases take their pictures at this size, and draw them smaller.
  const frame = `xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="96" height="96"`;
  return `data:image/svg+xml;utf8,${encodeURIComponent(`<svg ${frame}><path d="${path(kind)}" ${lines}/></svg>`)}`;
}

/** The same in the page, for the legend. */
export function sign(d: string, dash = ""): SVGSVGElement {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(space, "path");
  line.setAttribute("d", d);
  if (dash !== "") line.setAttribute("stroke-dasharray", dash);
  svg.append(line);
  return svg;
}
