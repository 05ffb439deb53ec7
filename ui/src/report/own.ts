// What a member's own device keeps of near misses: bare pages of first aid and numbers, and reports that wait. All of it goes when
// they sign out, and where the browser becomes a shared place.

/** The pages; worker.ts keeps them. */
export const OWN_PAGES = "komainu-own";
const REPORTS = "komainu-own-reports-";

/** The name under which one person's reports wait. */
export const ownReports = (person: string): string => REPORTS + person;

/** Whether reports of a person may wait here; where a browser does not tell, their page of reports looks itself. */
export async function mayWait(person: string): Promise<boolean> {
  return (await names()).includes(ownReports(person));
}

/** At the sign-out of a person. */
export function forgetOwn(person: string): void {
  if ("caches" in window) void caches.delete(OWN_PAGES).catch(() => false);
  if ("indexedDB" in window && person !== "") indexedDB.deleteDatabase(ownReports(person));
}

/** At a shared place: of everybody. */
export function forgetAllOwn(): void {
  forgetOwn("");
  void names().then((all) => {
    for (const name of all) if (name.startsWith(REPORTS)) indexedDB.deleteDatabase(name);
  });
}

async function names(): Promise<string[]> {
  if (!("indexedDB" in window) || typeof indexedDB.databases !== "function") return [];
  const all = await indexedDB.databases().catch(() => []);
  return all.map((one) => one.name ?? "");
}
