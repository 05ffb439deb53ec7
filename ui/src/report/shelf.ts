// Where reports lie on the telephone: in the browser's own database, of which one transaction is whole or not at all.

import type { Report, Shelf } from "./queue";

const STORE = "reports";

/** The reports of every poster of this house that was used in this browser, or those that lie under another name. */
export function shelf(name = "komainu-reports"): Shelf {
  return {
    all: () => within<Report[]>(name, "readonly", (store) => store.getAll() as IDBRequest<Report[]>),
    has: async (id) => (await within<number>(name, "readonly", (store) => store.count(id))) > 0,
    put: async (report) => {
      await within(name, "readwrite", (store) => store.put(report));
    },
    drop: async (id) => {
      await within(name, "readwrite", (store) => store.delete(id));
    },
    refuse: async (id) => {
      await within(name, "readwrite", (store) => {
        const asked = store.get(id) as IDBRequest<Report | undefined>;
        asked.onsuccess = () => {
          if (asked.result) store.put({ ...asked.result, refused: true });
        };
        return asked;
      });
    },
  };
}

type Work<T> = (store: IDBObjectStore) => IDBRequest<T>;

async function within<T>(name: string, mode: IDBTransactionMode, work: Work<T>): Promise<T> {
  const database = await opened(name);
  try {
    return await new Promise<T>((done, failed) => {
      const transaction = database.transaction(STORE, mode);
      const asked = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => done(asked.result);
      transaction.onabort = transaction.onerror = () => failed(transaction.error);
    });
  } finally {
    database.close();
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
