// What autosave decides, without a page: when to send, what to keep, when to try again.
// The page (autosave.ts) and the tests (test/saver.test.mjs) give it its hands.

/** What a form holds: names and values in the order of the form. */
export type Entries = [string, string][];

/** What the server answered, or that it could not be reached. */
export type Answer =
  | { kind: "ok"; version: string; text: string; html: string }
  | { kind: "conflict"; html: string }
  | { kind: "invalid"; errors: Record<string, string> }
  | { kind: "signed-out" }
  | { kind: "refused" }
  | { kind: "unreachable" };

/** What the status line tells. */
export type State = "idle" | "saving" | "saved" | "kept" | "invalid" | "refused" | "conflict" | "signed-out";

/** Text on its way. Sent again with the same key until an answer comes, so that it is never saved twice. */
interface Sending {
  entries: Entries;
  key: string;
}

/** Text not yet at the server, as it lies in the browser's storage. */
interface Draft {
  entries: Entries;
  /** Sent, but whether it arrived is not known. */
  doubt: Sending | null;
}

/** The hands. */
export interface Host {
  /** What the form holds now, with its version, without secrets. */
  read(): Entries;
  /** Puts a kept draft back into the form. */
  write(entries: Entries): void;
  send(entries: Entries, key: string): Promise<Answer>;
  /** Shows the state; `answer` is the answer that led to it, if one did. */
  show(state: State, answer?: Answer): void;
  setVersion(version: string): void;
  newKey(): string;
  later(run: () => void, ms: number): number;
  cancel(timer: number): void;
}

export type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const FIRST_RETRY_MS = 2_000;
const LAST_RETRY_MS = 60_000;

export class Saver {
  /** Changed since the last text that was sent. */
  private dirty = false;
  private sending: Promise<void> | null = null;
  /** The person must first choose, correct or sign in. */
  private held = false;
  private timer: number | null = null;
  private retryMs = FIRST_RETRY_MS;
  /** It goes first: only its answer tells on which version the text of now stands. */
  private doubt: Sending | null = null;
  private storageFailed = false;
  /** The server did not take the last text, and nothing was typed since. */
  private rejected = false;
  /** What the server has, where that is known. */
  private known: Entries | null = null;

  /** `slot` is the storage key; without one (nobody signed in) nothing is kept. */
  constructor(private host: Host, private store: Store | null, private slot: string) {}

  /** On load: a kept draft goes back into the form and on its way. */
  resume(): void {
    this.known = withoutVersion(this.host.read());
    const draft = this.load();
    if (!draft) return;
    if (same(withoutVersion(draft.entries), withoutVersion(this.host.read()))) {
      this.forget();
      return;
    }
    this.host.write(draft.entries);
    this.doubt = draft.doubt;
    this.dirty = true;
    this.host.show("kept");
    void this.flush();
  }

  /** The person changed something; it is kept at once and sent after `ms`. */
  changed(ms: number): void {
    const now = this.host.read();
    // A field that is left tells of its text once more, which may by then be older than somebody else's.
    if (!this.unsent() && this.known && same(withoutVersion(now), this.known)) return;
    this.dirty = true;
    this.keep(now);
    // A correction may be sent again; a conflict and a lost sign-in wait for the person.
    this.schedule(ms);
  }

  /** Sends what is unsent, one request after the other. Resolves when nothing more can be done now. */
  async flush(): Promise<void> {
    this.unschedule();
    if (this.sending) {
      await this.sending;
      if (this.dirty && !this.held && this.timer === null) await this.flush();
      return;
    }
    if (!this.dirty || this.held) return;
    this.sending = this.sendOnce();
    await this.sending;
  }

  /** The person chose their own text over the other's: it is sent on top of `version`. */
  keepMine(version: string): Promise<void> {
    this.host.setVersion(version);
    this.held = false;
    this.dirty = true;
    this.keep(this.host.read());
    return this.flush();
  }

  /** Forgets the kept draft: it is at the server, or the person let it go. */
  forget(): void {
    this.doubt = null;
    this.dirty = false;
    this.unschedule();
    try {
      this.store?.removeItem(this.slot);
    } catch {
      // Nothing to forget where nothing can be stored.
    }
  }

  /** Leaving now would lose text: it is neither at the server nor in the storage. */
  atRisk(): boolean {
    return (this.dirty || this.sending !== null) && (this.storageFailed || !this.store || this.slot === "");
  }

  /** A text is on its way, or waits to be. */
  unsent(): boolean {
    return this.dirty || this.sending !== null;
  }

  /** The server does not have what the form holds. */
  unsaved(): boolean {
    return this.unsent() || this.rejected;
  }

  private async sendOnce(): Promise<void> {
    const now = this.host.read();
    const out = this.doubt ?? { entries: now, key: this.host.newKey() };
    this.doubt = out;
    this.keep(now);
    this.dirty = !same(withoutVersion(now), withoutVersion(out.entries));
    this.host.show("saving");
    let answer: Answer;
    try {
      answer = await this.host.send(out.entries, out.key);
    } catch {
      answer = { kind: "unreachable" };
    }
    this.sending = null;
    this.rejected = answer.kind === "invalid" || answer.kind === "refused";
    if (answer.kind !== "unreachable") {
      this.doubt = null;
      this.known = answer.kind === "ok" ? withoutVersion(out.entries) : null;
    }
    this.settle(answer);
    if (this.dirty && !this.held && answer.kind === "ok") await this.flush();
  }

  private settle(answer: Answer): void {
    switch (answer.kind) {
      case "ok":
        this.retryMs = FIRST_RETRY_MS;
        this.host.setVersion(answer.version);
        if (this.dirty) {
          // Typed on meanwhile: what is kept stands on the new version from now on.
          this.keep(this.host.read());
        } else {
          this.forget();
        }
        this.host.show("saved", answer);
        return;
      case "unreachable":
        this.dirty = true;
        this.host.show("kept", answer);
        this.schedule(this.retryMs);
        this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS);
        return;
      case "conflict":
        this.dirty = true;
        this.held = true;
        this.host.show("conflict", answer);
        return;
      case "signed-out":
        this.dirty = true;
        this.held = true;
        this.host.show("signed-out", answer);
        return;
      case "invalid":
        this.host.show("invalid", answer);
        return;
      case "refused":
        this.host.show("refused", answer);
    }
  }

  private schedule(ms: number): void {
    this.unschedule();
    this.timer = this.host.later(() => {
      this.timer = null;
      void this.flush();
    }, ms);
  }

  private unschedule(): void {
    if (this.timer !== null) this.host.cancel(this.timer);
    this.timer = null;
  }

  private keep(entries: Entries): void {
    const draft: Draft = { entries, doubt: this.doubt };
    if (!this.store || this.slot === "") return;
    try {
      this.store.setItem(this.slot, JSON.stringify(draft));
      this.storageFailed = false;
    } catch {
      this.storageFailed = true;
    }
  }

  private load(): Draft | null {
    if (!this.store || this.slot === "") return null;
    try {
      const draft: unknown = JSON.parse(this.store.getItem(this.slot) ?? "null");
      return isDraft(draft) ? draft : null;
    } catch {
      return null;
    }
  }
}

function isDraft(value: unknown): value is Draft {
  const draft = value as Partial<Draft> | null;
  return isEntries(draft?.entries) && (draft?.doubt === null || isSending(draft?.doubt));
}

function isSending(value: unknown): value is Sending {
  const sending = value as Partial<Sending> | null | undefined;
  return isEntries(sending?.entries) && typeof sending?.key === "string";
}

function isEntries(value: unknown): value is Entries {
  return Array.isArray(value) && value.every((e) => Array.isArray(e) && e.length === 2 && e.every((part) => typeof part === "string"));
}

function withoutVersion(entries: Entries): Entries {
  return entries.filter(([name]) => name !== "version");
}

function same(a: Entries, b: Entries): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

const PREFIX = "komainu:draft:";

/** Where a person's draft of a form lies; empty (nothing is kept) without a person. */
export function slotFor(person: string, action: string, form: string): string {
  return person === "" ? "" : `${PREFIX}${person}:${action}#${form}`;
}

/** At sign-out: every kept draft of this person goes; nobody else's is touched. */
export function clearDrafts(store: Storage, person: string): void {
  if (person === "") return;
  const mine = Object.keys(store).filter((key) => key.startsWith(`${PREFIX}${person}:`));
  for (const key of mine) store.removeItem(key);
}
