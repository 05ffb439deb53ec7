// Sending a report that waited.

import type { Post, Report } from "./queue";

/** Sends one report: "sent", "refused" for good, or "later". A member's goes under nobody else's name than `person`'s. */
export function poster(person = ""): Post {
  return (report, base) => post(report, base, person);
}

async function post(report: Report, base: string, person: string): Promise<"sent" | "refused" | "later"> {
  const body = new FormData();
  for (const [name, value] of report.fields) body.append(name, value);
  if (report.photo) body.append("photo", report.photo, "photo.jpg");
  body.append("csrf", await csrf(base, person));
  const answer = await fetch(report.path, {
    method: "POST",
    body,
    headers: { "X-Komainu-Fragment": "report" },
    credentials: "same-origin",
    redirect: "manual",
  });
  if (answer.ok) return "sent";
  return answer.status === 413 || answer.status === 422 ? "refused" : "later";
}

/** Where somebody is signed in in this browser too, forms carry that session's mark, which may be another by now. */
async function csrf(base: string, person: string): Promise<string> {
  const answer = await fetch(base, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok || answer.redirected) throw new Error(`${answer.status}`);
  const page = await answer.text();
  if (person !== "" && !page.includes(`data-keep-key="${person}"`)) throw new Error("somebody else is signed in");
  return page.match(/name="csrf" value="([^"]*)"/)?.[1] ?? "";
}
