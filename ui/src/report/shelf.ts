// The shelf in the browser's own database (IndexedDB), which pages and the worker share and which outlives them.
//
// A transaction that writes is alone: of two that claim at once, the second sees the first one's claim. Photographs lie beside
// the reports, so that looking through many need not load them.

import { type Entry, type Loaded, Memory, type Photo, type Shelf, isReady } from "./queue";

const NAME = "komainu-report";
const REPORTS = "reports";
const PHOTOS = "photos";
const BY_AGE = "made";

/** The browser's shelf, or one in memory where it stores nothing. */
export async function openShelf(): Promise<Shelf> {
  try {
    return new Stored(await open());
  } catch {
    return new Memory();
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((done, failed) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(REPORTS, { keyPath: "id" }).createIndex(BY_AGE, "made");
      request.result.createObjectStore(PHOTOS);
    };
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
    request.onblocked = () => failed(new Error("blocked"));
  });
}

class Stored implements Shelf {
  constructor(private db: IDBDatabase) {}

  add(entry: Loaded): Promise<void> {
    const { photos, ...report } = entry;
    return this.write((reports, beside) => {
      reports.put(report);
      if (photos.length > 0) beside.put(photos, report.id);
    });
  }

  claim(now: number, until: number): Promise<Loaded | null> {
    let claimed: Entry | null = null;
    let photos: Photo[] = [];
    return this.write((reports, beside) => {
      const walk = reports.index(BY_AGE).openCursor();
      walk.onsuccess = () => {
        const at = walk.result;
        if (!at) return;
        const entry = at.value as Entry;
        if (!isReady(entry, now)) {
          at.continue();
          return;
        }
        claimed = { ...entry, until };
        at.update(claimed);
        const found = beside.get(entry.id);
        found.onsuccess = () => {
          photos = (found.result as Photo[] | undefined) ?? [];
        };
      };
    }).then(() => claimed && { ...claimed, photos });
  }

  change(id: string, change: Partial<Entry>): Promise<void> {
    return this.write((reports) => {
      const found = reports.get(id);
      found.onsuccess = () => {
        const entry = found.result as Entry | undefined;
        if (entry) reports.put({ ...entry, ...change });
      };
    });
  }

  remove(id: string): Promise<void> {
    return this.write((reports, beside) => {
      reports.delete(id);
      beside.delete(id);
    });
  }

  all(): Promise<Entry[]> {
    return new Promise((done, failed) => {
      const request = this.db.transaction(REPORTS, "readonly").objectStore(REPORTS).index(BY_AGE).getAll();
      request.onsuccess = () => done(request.result as Entry[]);
      request.onerror = () => failed(request.error);
    });
  }

  /** One transaction; resolves once it is kept. */
  private write(work: (reports: IDBObjectStore, photos: IDBObjectStore) => void): Promise<void> {
    return new Promise((done, failed) => {
      const transaction = this.db.transaction([REPORTS, PHOTOS], "readwrite");
      transaction.oncomplete = () => done();
      transaction.onerror = () => failed(transaction.error);
      transaction.onabort = () => failed(transaction.error);
      work(transaction.objectStore(REPORTS), transaction.objectStore(PHOTOS));
    });
  }
}
