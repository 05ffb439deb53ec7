// Reports that wait on the telephone. Each is sent under the id that it was given when it was written: the server takes
// the same id once, so whatever is sent again, by another tab or after an answer that was lost, is no second report.

/** A report as the form holds it. */
export interface Report {
  id: string;
  /** Where it is sent. */
  path: string;
  fields: [string, string][];
  photo: Blob | null;
}

export type Post = (report: Report, base: string) => Promise<"sent" | "refused" | "later">;

const STORE = "reports";
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

export class Queue {
  /** What the server will not take, by id. */
  readonly refused = new Map<string, string>();
  private running: Promise<string[]> | null = null;

  constructor(
    private readonly base: string,
    private readonly post: Post,
    private readonly name = "komainu-reports",
  ) {}

  async put(report: Report): Promise<void> {
    await this.within("readwrite", (store) => store.put(report));
  }

  async drop(id: string): Promise<void> {
    await this.within("readwrite", (store) => store.delete(id));
  }

  async count(): Promise<number> {
    return (await this.all()).length;
  }

  /** Sends what waits, the oldest first, until one cannot be sent now; answers what was sent. One at a time. */
  flush(): Promise<string[]> {
    this.running ??= this.sendAll().finally(() => (this.running = null));
    return this.running;
  }

  private async sendAll(): Promise<string[]> {
    const sent: string[] = [];
    for (const report of await this.all()) {
      let said: "sent" | "refused" | "later";
      try {
        said = await this.post(report, this.base);
      } catch {
        said = "later";
      }
      if (said === "later") break;
      if (said === "refused") {
        this.refused.set(report.id, report.path);
        continue;
      }
      await this.drop(report.id);
      sent.push(report.id);
    }
    return sent;
  }

  /** Only what was written at this poster: another's link may be withdrawn while this one works. */
  private async all(): Promise<Report[]> {
    const all = await this.within<Report[]>("readonly", (store) => store.getAll() as IDBRequest<Report[]>);
    const when = (report: Report) => Number(report.fields.find(([name]) => name === "written_at")?.[1] ?? 0);
    return all.filter((report) => report.path.startsWith(`${this.base}/`)).sort((a, b) => when(a) - when(b));
  }

  private async within<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T>;
  private async within(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest): Promise<unknown> {
    const database = await opened(this.name);
    try {
      return await new Promise((done, failed) => {
        const transaction = database.transaction(STORE, mode);
        const asked = work(transaction.objectStore(STORE));
        transaction.oncomplete = () => done(asked.result);
        transaction.onabort = transaction.onerror = () => failed(transaction.error);
      });
    } finally {
      database.close();
    }
  }
}

function opened(name: string): Promise<IDBDatabase> {
  return new Promise((done, failed) => {
    const asked = indexedDB.open(name, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}
