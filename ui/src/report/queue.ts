// Reports on their way, without a page: which is sent next, what an answer means, when to try again. A report is on the shelf
// from the tap until the server has answered that it has it; however often it is sent under its name, the server takes it once.
//
// Several pages and the worker may empty one shelf at the same time. Who wants to send a report claims it for a while, in one
// step of the shelf that nobody comes between; whoever dies with a claim loses it when its time is over. Should two send the
// same after all, as a telephone may sleep for an hour in the middle of a line, the server answers the second like the first.

/** A photograph as it is sent. */
export interface Photo {
  name: string;
  type: string;
  bytes: ArrayBuffer;
}

/** A report that waits. */
export interface Entry {
  /** The name under which it is sent. */
  id: string;
  /** The page by which it goes, such as /l/report/…; the form is sent to what is below it. */
  base: string;
  /** The house that it is for, as the page names it; empty for a member's. */
  house: string;
  /** The form. */
  fields: [string, string][];
  /** When it was written: the oldest goes first. */
  made: number;
  /** Somebody is sending it until then. */
  until: number;
  /** It is not tried before then. */
  after: number;
  /** How often it was tried in vain. */
  tries: number;
  /** Why it is not tried any more: the server does not take it, or its poster is over. */
  trouble: "" | "refused" | "over";
}

/** A report with its photographs. */
export interface Loaded extends Entry {
  photos: Photo[];
}

/** What the server answered. */
export type Answer =
  /** It has the report; what it says of photographs that it did not keep. */
  | { kind: "taken"; left: string[] }
  /** Not now: not reached, too busy, too many at once. */
  | { kind: "later"; ms: number }
  /** It will never take it. */
  | { kind: "refused" }
  /** The poster is withdrawn or over. */
  | { kind: "over" };

/** Where reports wait. Every call is one step that nobody comes between. */
export interface Shelf {
  add(entry: Loaded): Promise<void>;
  /** The oldest that can be sent now, claimed until then. */
  claim(now: number, until: number): Promise<Loaded | null>;
  /** Changes what waits; nothing where it waits no longer. */
  change(id: string, change: Partial<Entry>): Promise<void>;
  remove(id: string): Promise<void>;
  all(): Promise<Entry[]>;
}

/** Longer than sending may take. */
export const CLAIM_MS = 180_000;
const FIRST_RETRY_MS = 3_000;
const LAST_RETRY_MS = 60_000;

/** Whether a report can be sent now. */
export function isReady(entry: Entry, now: number): boolean {
  return entry.trouble === "" && entry.until <= now && entry.after <= now;
}

export class Queue {
  private running: Promise<void> | null = null;

  constructor(
    private shelf: Shelf,
    private post: (entry: Loaded) => Promise<Answer>,
    private now: () => number,
    /** Is told each answer. */
    private tell: (entry: Entry, answer: Answer) => void,
  ) {}

  /** Puts a report on the shelf. From here on it is not lost. */
  add(entry: Pick<Loaded, "id" | "base" | "house" | "fields" | "photos">): Promise<void> {
    return this.shelf.add({ ...entry, made: this.now(), until: 0, after: 0, tries: 0, trouble: "" });
  }

  /** Sends what can be sent, one after the other. Resolves when nothing more can be done now. */
  flush(): Promise<void> {
    this.running ??= this.run().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  /** The line is back, or the page is looked at again: waiting has an end. */
  async wake(): Promise<void> {
    for (const entry of await this.shelf.all()) {
      if (entry.after > this.now()) await this.shelf.change(entry.id, { after: 0 });
    }
    await this.flush();
  }

  /** What could not go by a poster that is over goes by this one, if it is one of the same house. */
  async readdress(house: string, base: string): Promise<void> {
    if (house === "") return;
    for (const entry of await this.shelf.all()) {
      if (entry.trouble === "over" && entry.house === house && entry.base !== base) {
        await this.shelf.change(entry.id, { base, trouble: "", after: 0, tries: 0 });
      }
    }
  }

  /** Lets go of what cannot be sent any more; its writer was told. */
  async discard(): Promise<void> {
    for (const entry of await this.shelf.all()) {
      if (entry.trouble !== "") await this.shelf.remove(entry.id);
    }
  }

  /** What waits. */
  waiting(): Promise<Entry[]> {
    return this.shelf.all();
  }

  private async run(): Promise<void> {
    for (;;) {
      const entry = await this.shelf.claim(this.now(), this.now() + CLAIM_MS);
      if (!entry) return;
      let answer: Answer;
      try {
        answer = await this.post(entry);
      } catch {
        answer = { kind: "later", ms: 0 };
      }
      await this.settle(entry, answer);
      this.tell(entry, answer);
      // What stops one stops the others as well; they keep their turn.
      if (answer.kind === "later") return;
    }
  }

  private async settle(entry: Entry, answer: Answer): Promise<void> {
    switch (answer.kind) {
      case "taken":
        return this.shelf.remove(entry.id);
      case "refused":
      case "over":
        return this.shelf.change(entry.id, { until: 0, trouble: answer.kind });
      case "later": {
        const wait = Math.min(FIRST_RETRY_MS * 2 ** entry.tries, LAST_RETRY_MS);
        const after = this.now() + Math.max(wait, answer.ms);
        return this.shelf.change(entry.id, { until: 0, after, tries: Math.min(entry.tries + 1, 10) });
      }
    }
  }
}

/** A shelf that lasts as long as its page: for members, and where a browser stores nothing. */
export class Memory implements Shelf {
  private entries = new Map<string, Loaded>();

  add(entry: Loaded): Promise<void> {
    this.entries.set(entry.id, entry);
    return Promise.resolve();
  }

  claim(now: number, until: number): Promise<Loaded | null> {
    const ready = [...this.entries.values()].filter((entry) => isReady(entry, now)).sort((a, b) => a.made - b.made)[0];
    if (!ready) return Promise.resolve(null);
    const claimed = { ...ready, until };
    this.entries.set(ready.id, claimed);
    return Promise.resolve(claimed);
  }

  change(id: string, change: Partial<Entry>): Promise<void> {
    const entry = this.entries.get(id);
    if (entry) this.entries.set(id, { ...entry, ...change });
    return Promise.resolve();
  }

  remove(id: string): Promise<void> {
    this.entries.delete(id);
    return Promise.resolve();
  }

  all(): Promise<Entry[]> {
    return Promise.resolve([...this.entries.values()]);
  }
}
