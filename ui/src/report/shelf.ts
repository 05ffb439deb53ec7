// Where reports lie on the telephone: in the browser's own database, of which one transaction is whole or not at all.

import type { Report, Shelf } from "./queue";

const STORE = "reports";

/** The reports of every poster of this house that was used in this browser. */
export const shelf: Shelf = {
  all: () => within<Report[]>("readonly", (store) => store.getAll() as IDBRequest<Report[]>),
  has: async (id) => (await within<number>("readonly", (store) => store.count(id))) > 0,
  put: async (report) => {
    await within("readwrite", (store) => store.put(report));
  },
  drop: async (id) => {
    await within("readwrite", (store) => store.delete(id));
  },
  refuse: async (id) => {
    await within("readwrite", (store) => {
      const asked = store.get(id) as IDBRequest<Report | undefined>;
      asked.onsuccess = () => {
        if (asked.result) store.put({ ...asked.result, refused: true });
      };
      return asked;
    });
  },
};

async function within<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await opened();
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

function opened(): Promise<IDBDatabase> {
  return new Promise((done, failed) => {
    const asked = indexedDB.open("komainu-reports", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}
