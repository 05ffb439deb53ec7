// What a telephone makes up for a report: the name under which it is sent, and the code with which its sender asks later.

/** Letters and digits of which none looks or sounds like another; the server knows the same. */
const LETTERS = "ACDEFGHJKLMNPQRTUVWXY347";
const LENGTH = 12;
/** Bytes from here on are passed over, so that every letter is as likely as every other. */
const FAIR = 256 - (256 % LETTERS.length);

type Bytes = Uint8Array<ArrayBuffer>;
type Fill = (bytes: Bytes) => Bytes;

const chance: Fill = (bytes) => crypto.getRandomValues(bytes);

/** A code in groups of four. */
export function newCode(fill: Fill = chance): string {
  let letters = "";
  while (letters.length < LENGTH) {
    for (const byte of Array.from(fill(new Uint8Array(32)))) {
      if (byte < FAIR && letters.length < LENGTH) letters += LETTERS.charAt(byte % LETTERS.length);
    }
  }
  return letters.replace(/(.{4})(?=.)/g, "$1-");
}

/** A name that no other report has (UUID version 4), also where the page came without TLS and has no `randomUUID`. */
export function newId(fill: Fill = chance): string {
  const bytes = fill(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
