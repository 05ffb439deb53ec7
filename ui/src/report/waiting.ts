// A member's reports that wait on their own device are sent from whichever page they open next.

import { isShared } from "../dom";
import { mayWait, ownReports } from "./own";
import { poster } from "./post";
import { Queue } from "./queue";
import { shelf } from "./shelf";

export function startWaiting(): void {
  const person = document.body.dataset["keepKey"] ?? "";
  // The pages for reporting look themselves.
  if (person === "" || isShared() || document.querySelector("[data-report]")) return;
  const send = async () => {
    if (!(await mayWait(person))) return;
    const queue = new Queue(shelf(ownReports(person)), {
      post: poster(person),
      changed: () => {
        // What the house would not take is shown where members report.
      },
      later: (run, ms) => window.setTimeout(run, ms),
      cancel: (timer) => window.clearTimeout(timer),
    });
    await queue.flush();
  };
  void send().catch(() => {
    // They wait for the next page.
  });
}
