// Where things were moved to, on its way to the server. When to send, what to keep and when to try again is the saver's.

import { storage } from "../dom";
import { Saver, slotFor, type Answer, type Entries, type Host, type State } from "../saver";
import type { Move } from "./history";
import type { Spot } from "./data";
import { csrf } from "./dom";
import { saying } from "./words";

/** A second drag soon after the first goes along with it. */
const REST_MS = 600;
/** Browsers refuse a larger body for a request that outlives its page. */
const KEEPALIVE_BYTES = 60_000;
/** So many go in one request. */
const AT_ONCE = 400;

export class Moves {
  /** Moved here, and not known to have arrived. */
  private readonly pending = new Map<string, Spot>();
  private readonly saver: Saver;

  /** `url` takes the spots; `put` moves what was kept from an earlier visit; `told` says how it goes. */
  constructor(
    private readonly url: string,
    private readonly put: (spots: Map<string, Spot>) => void,
    told: (state: State) => void,
  ) {
    const host: Host = {
      read: () => entries(this.pending),
      write: (kept) => this.takeKept(kept),
      send: (out) => this.send(out),
      show: told,
      setVersion: () => {},
      newKey: () => "",
      later: (run, ms) => window.setTimeout(run, ms),
      cancel: (timer) => window.clearTimeout(timer),
    };
    this.saver = new Saver(host, storage(), slotFor(document.body.dataset["keepKey"] ?? "", location.pathname, "map"));
    window.addEventListener("online", () => void this.saver.flush());
    document.addEventListener("visibilitychange", () => void this.saver.flush());
    window.addEventListener("beforeunload", (event) => {
      if (this.saver.atRisk()) event.preventDefault();
    });
  }

  /** When the picture stands: what an earlier visit could not send. */
  resume(): void {
    this.saver.resume();
  }

  moved(step: Move[]): void {
    for (const { id, to } of step) this.pending.set(id, to);
    this.saver.changed(REST_MS);
  }

  /** Every place is the computed one again. False where the server could not be asked. */
  async reset(): Promise<boolean> {
    // What is on its way arrives before, and is then forgotten with the rest.
    await this.saver.flush();
    const answer = await post(this.url, { reset: "yes" }).catch(() => null);
    if (answer?.kind !== "ok") return false;
    this.pending.clear();
    this.saver.forget();
    return true;
  }

  private takeKept(kept: Entries): void {
    for (const [id, text] of kept) {
      const [x, y] = text.split(",").map(Number);
      if (x !== undefined && y !== undefined && Number.isFinite(x) && Number.isFinite(y)) this.pending.set(id, { x, y });
    }
    this.put(this.pending);
  }

  private async send(out: Entries): Promise<Answer> {
    let answer: Answer = { kind: "ok", version: "", text: "", html: "" };
    for (let from = 0; from < out.length && answer.kind === "ok"; from += AT_ONCE) {
      const some = out.slice(from, from + AT_ONCE);
      answer = await post(this.url, { spots: written(some) });
      if (answer.kind === "ok") this.arrived(some);
    }
    return answer;
  }

  /** What was moved on meanwhile is still to be sent. */
  private arrived(sent: Entries): void {
    const now = new Map(entries(this.pending));
    for (const [id, text] of sent) if (now.get(id) === text) this.pending.delete(id);
  }
}

function entries(spots: ReadonlyMap<string, Spot>): Entries {
  return Array.from(spots, ([id, spot]) => [id, `${spot.x},${spot.y}`]);
}

function written(out: Entries): string {
  return JSON.stringify(
    out.map(([id, text]) => {
      const [x, y] = text.split(",").map(Number);
      return { id, x, y };
    }),
  );
}

/** Sends a form as every page of the house does; the token is the one that the page's own forms carry. */
async function post(url: string, fields: Record<string, string>): Promise<Answer> {
  const body = new URLSearchParams({ csrf: csrf(), ...fields }).toString();
  const response = await fetch(url, {
    method: "POST",
    body,
    headers: { "Content-Type": "application/x-www-form-urlencoded;charset=UTF-8", "X-Komainu-Fragment": "map" },
    credentials: "same-origin",
    redirect: "manual",
    keepalive: body.length < KEEPALIVE_BYTES,
  });
  if (response.ok) return { kind: "ok", version: "", text: "", html: "" };
  if (response.type === "opaqueredirect" || response.status === 401) return { kind: "signed-out" };
  if (response.status >= 500 || response.status === 429 || response.status === 408) return { kind: "unreachable" };
  return { kind: "refused" };
}

/** The line's words and look for a state of the saver. */
export function tell(line: HTMLElement, state: State): void {
  const [words, look] = TOLD[state];
  line.dataset["state"] = look;
  line.textContent = words === "" ? "" : saying(words);
  if (state !== "signed-out") return;
  const link = document.createElement("a");
  link.href = `/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`;
  link.textContent = saying("sign-in");
  line.append(" ", link);
}

const TOLD: Record<State, [words: string, look: string]> = {
  idle: ["", ""],
  saving: ["saving", "saving"],
  saved: ["saved", "saved"],
  kept: ["kept", "kept"],
  invalid: ["not-saved", "error"],
  refused: ["not-saved", "error"],
  conflict: ["not-saved", "error"],
  "signed-out": ["signed-out", "gone"],
};
