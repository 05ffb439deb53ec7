// Reports that wait on the telephone, and when they are sent. Each is sent under the id that it was given when it was
// written: the server takes the same id once, so whatever is sent again, by another tab or after an answer that was lost,
// is no second report. A report leaves the telephone only when the house itself said that it has it, or when whoever wrote
// it was shown that the house will not take it. The page (report.ts) and the tests (test/queue.test.mjs) give it its hands.

/** A report as the form holds it. */
export interface Report {
  id: string;
  /** Where it is sent. */
  path: string;
  fields: [string, string][];
  photo: Blob | null;
  /** The house will not take it, however often it is sent. */
  refused?: boolean;
}

/** What became of one that was sent. */
export type Said =
  | { kind: "sent" }
  /** Not taken, and never will be as it is; what is `mendable` the house's own page explains beside the form. */
  | { kind: "refused"; mendable: boolean }
  /** Something went wrong with this one: the others go on. */
  | { kind: "failed" }
  /** Nothing can be sent now; for so many seconds, or nobody knows how long (0). */
  | { kind: "later"; seconds: number };

/** Where reports lie. */
export interface Shelf {
  all(): Promise<Report[]>;
  has(id: string): Promise<boolean>;
  put(report: Report): Promise<void>;
  drop(id: string): Promise<void>;
  /** Marks one that is there still as refused. */
  refuse(id: string): Promise<void>;
}

/** The hands. */
export interface Host {
  post(report: Report): Promise<Said>;
  /** Something was sent, refused or kept. */
  changed(sent: string[]): void;
  later(run: () => void, ms: number): number;
  cancel(timer: number): void;
}

const FIRST_RETRY_MS = 2_000;
const LAST_RETRY_MS = 60_000;
/** Longer than this nobody's word is believed. */
const LONGEST_WAIT_MS = 600_000;
/** So many of which each failed by itself mean that the house is in trouble. */
const TROUBLE = 3;
/** How long somebody who pressed the button waits for an answer. */
const PATIENCE_MS = 6_000;
/** The house takes no more today; it is asked again after so many seconds. */
const FULL_SECONDS = 600;

/** As in the program's rules: no letters that are taken for others. */
const LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/** A UUID (version 4), also where crypto.randomUUID is missing because the page came without TLS. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** A receipt code in groups of four. */
export function newReceipt(): string {
  const letters = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => LETTERS[byte & 31] ?? "");
  return [letters.slice(0, 4), letters.slice(4, 8), letters.slice(8)].map((group) => group.join("")).join("-");
}

/**
 * What an answer means. `body` is its JSON, null where it is none: then it was not the house that answered but something on
 * the way, such as the page on which a network wants to be signed in to, and nothing is known.
 */
export function judged(status: number, retryAfter: string | null, body: unknown): Said {
  const seconds = Number(retryAfter ?? 0) || 0;
  const says = (name: string) => typeof body === "object" && body !== null && name in body;
  if (status === 409 && says("error")) return { kind: "later", seconds: FULL_SECONDS };
  if (status === 429 || status === 503 || status === 507) return { kind: "later", seconds };
  if (status >= 200 && status < 300 && says("sent")) return { kind: "sent" };
  if ((status === 413 || status === 422) && (says("error") || says("errors"))) return { kind: "refused", mendable: true };
  if ([400, 404, 405, 410, 415].includes(status) && says("error")) return { kind: "refused", mendable: false };
  // Also what stands before the house and takes no photograph of this size: the others may pass.
  return status >= 400 ? { kind: "failed" } : { kind: "later", seconds: 0 };
}

function written(report: Report): number {
  return Number(report.fields.find(([name]) => name === "written_at")?.[1] ?? 0);
}

export class Queue {
  private running: Promise<void> | null = null;
  /** Somebody asked for another round while one was under way. */
  private again = false;
  private timer: number | null = null;
  private retryMs = FIRST_RETRY_MS;
  /** On their way from the form, outside the rounds. */
  private readonly own = new Set<string>();
  /** How often each failed by itself: those go last. */
  private readonly failures = new Map<string, number>();

  constructor(
    private readonly shelf: Shelf,
    private readonly host: Host,
  ) {}

  /**
   * Keeps a report, then sends it before all that wait: it may be the one that cannot wait. With `mend` it was not kept, as
   * the house's page says what is wrong with it.
   */
  async add(report: Report): Promise<"sent" | "kept" | "refused" | "mend"> {
    this.own.add(report.id);
    await this.shelf.put(report);
    const sending = this.send(report);
    void sending.finally(() => this.own.delete(report.id));
    const said = await Promise.race([sending, this.patience()]);
    if (said === null) {
      void sending.then((late) => this.late(report, late));
      return "kept";
    }
    if (said.kind === "sent") return "sent";
    if (said.kind === "refused" && said.mendable) {
      await this.shelf.drop(report.id);
      return "mend";
    }
    if (said.kind === "refused") {
      await this.refuse(report.id);
      return "refused";
    }
    this.wait(said.kind === "later" ? said.seconds : 0);
    return "kept";
  }

  /** Sends what waits, the oldest first. A round that is asked for while one is under way follows it. */
  flush(): Promise<void> {
    if (this.running) {
      this.again = true;
      return this.running;
    }
    this.running = this.rounds().finally(() => (this.running = null));
    return this.running;
  }

  /** What waits, and what the house would not take. */
  async kept(): Promise<{ waiting: Report[]; refused: Report[] }> {
    const all = (await this.shelf.all()).sort((a, b) => written(a) - written(b));
    return { waiting: all.filter((it) => !it.refused), refused: all.filter((it) => it.refused) };
  }

  /** Forgets what the house would not take: somebody was told of it in another way. */
  async forget(): Promise<void> {
    for (const { id } of (await this.kept()).refused) await this.shelf.drop(id);
    this.host.changed([]);
  }

  private async rounds(): Promise<void> {
    if (this.timer !== null) this.host.cancel(this.timer);
    this.timer = null;
    let seconds: number | null;
    do {
      this.again = false;
      seconds = await this.round();
    } while (this.again);
    if (seconds !== null) this.wait(seconds);
  }

  /** Sends everything once; answers for how many seconds nothing can be sent, null where nothing is left. */
  private async round(): Promise<number | null> {
    const failures = (report: Report) => this.failures.get(report.id) ?? 0;
    const { waiting } = await this.kept();
    const turn = waiting.filter((it) => !this.own.has(it.id)).sort((a, b) => failures(a) - failures(b));
    let [left, troubles] = [0, 0];
    for (const report of turn) {
      // Another tab may have sent it meanwhile.
      if (!(await this.shelf.has(report.id))) continue;
      const said = await this.send(report);
      if (said.kind === "later") return said.seconds;
      if (said.kind === "refused") await this.refuse(report.id);
      troubles = said.kind === "failed" ? troubles + 1 : 0;
      left += said.kind === "failed" ? 1 : 0;
      if (troubles === TROUBLE) return 0;
    }
    return left > 0 ? 0 : null;
  }

  private async send(report: Report): Promise<Said> {
    const said = await this.host.post(report).catch((): Said => ({ kind: "later", seconds: 0 }));
    if (said.kind === "failed") this.failures.set(report.id, (this.failures.get(report.id) ?? 0) + 1);
    if (said.kind !== "sent") return said;
    await this.shelf.drop(report.id);
    this.retryMs = FIRST_RETRY_MS;
    this.host.changed([report.id]);
    return said;
  }

  private async late(report: Report, said: Said): Promise<void> {
    if (said.kind === "refused") await this.refuse(report.id);
    else if (said.kind !== "sent") this.wait(said.kind === "later" ? said.seconds : 0);
  }

  private async refuse(id: string): Promise<void> {
    await this.shelf.refuse(id);
    this.host.changed([]);
  }

  private patience(): Promise<null> {
    return new Promise((done) => this.host.later(() => done(null), PATIENCE_MS));
  }

  /** Tries again after a while; where nobody said how long, after a longer one each time. */
  private wait(seconds: number): void {
    if (this.timer !== null) this.host.cancel(this.timer);
    const ms = seconds > 0 ? Math.min(seconds * 1000, LONGEST_WAIT_MS) : this.retryMs;
    if (seconds <= 0) this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS);
    this.timer = this.host.later(() => void this.flush(), ms);
    this.host.changed([]);
  }
}
