// A member's reports that wait on their own device are sent from whichever page they open next.

import { isShared } from "../dom";
import { mayWait, ownReports } from "./own";
import { poster } from "./post";
import { Queue } from "./queue";

/** Where members report. */
const BASE = "/near-miss/report";

export function startWaiting(): void {
  const person = document.body.dataset["keepKey"] ?? "";
  // The pages for reporting look themselves.
  if (person === "" || isShared() || document.querySelector("[data-report]")) return;
  const send = async () => {
    if (await mayWait(person)) await new Queue(BASE, poster(person), ownReports(person)).flush();
  };
  void send().catch(() => {
    // They wait for the next page.
  });
}
