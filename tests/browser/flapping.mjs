// Reports that wait on a telephone, and a connection that comes and goes: for the journey, and for the figures.

/**
 * Lays reports down as the form keeps them when there is no connection (ui/src/report/shelf.ts); `words` are theirs. The
 * page is one of the poster's, `path` where its form is sent.
 */
export function keepReports(page, path, words) {
  return page.evaluate(
    async ([path, words]) => {
      const letters = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
      const group = () => Array.from(crypto.getRandomValues(new Uint8Array(4)), (byte) => letters[byte & 31]).join('');
      const database = await new Promise((done, failed) => {
        const asked = indexedDB.open('komainu-reports', 1);
        asked.onupgradeneeded = () => asked.result.createObjectStore('reports', { keyPath: 'id' });
        asked.onsuccess = () => done(asked.result);
        asked.onerror = () => failed(asked.error);
      });
      const transaction = database.transaction('reports', 'readwrite');
      words.forEach((text, at) => {
        const id = crypto.randomUUID();
        const receipt = [group(), group(), group()].join('-');
        const fields = Object.entries({ sent_id: id, receipt, written_at: `${Date.now() + at}`, words: text, ago: '0' });
        transaction.objectStore('reports').put({ id, path, fields, photo: null });
      });
      await new Promise((done, failed) => {
        transaction.oncomplete = done;
        transaction.onabort = () => failed(transaction.error);
      });
      database.close();
    },
    [path, words],
  );
}

/** How many reports lie on the telephone. */
export function keptReports(page) {
  return page.evaluate(async () => {
    const database = await new Promise((done, failed) => {
      const asked = indexedDB.open('komainu-reports', 1);
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => failed(asked.error);
    });
    const asked = database.transaction('reports').objectStore('reports').count();
    const count = await new Promise((done) => (asked.onsuccess = () => done(asked.result)));
    database.close();
    return count;
  });
}

/**
 * From now on the connection is lost at every so many reports, in turn before the house has it and after, and is back a
 * moment later. The page's context keeps service workers out, as requests are looked at on their way. Answers how often it
 * was lost.
 */
export async function flap(page, every) {
  let [asked, lost] = [0, 0];
  await page.route('**/l/report/**', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    asked += 1;
    if (asked % every !== 0) return route.continue();
    lost += 1;
    if (lost % 2 === 0) await route.fetch().catch(() => {});
    await route.abort('connectionreset');
    await page.context().setOffline(true);
    await page.context().setOffline(false);
  });
  return () => lost;
}
