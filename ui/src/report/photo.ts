// Photographs made small on the telephone: drawn anew, so that nothing of where, when and with which telephone goes along.

import type { Photo } from "./queue";

/** The longer side, in points: a screen's text stays readable. */
const SIDE = 1_600;
const QUALITY = 0.82;
/** What the server takes, in bytes. */
const MOST = 8_000_000;

/** The photograph made small; as it is where the browser cannot draw it; none where that is too large. */
export async function shrink(file: File): Promise<Photo | null> {
  try {
    const small = await drawn(file);
    if (small) return { name: "photo.jpg", type: "image/jpeg", bytes: await bytesOf(small) };
  } catch {
    // No picture that this browser can draw: the server looks at it.
  }
  return file.size > MOST ? null : { name: "photo", type: file.type || "application/octet-stream", bytes: await bytesOf(file) };
}

async function drawn(file: File): Promise<Blob | null> {
  const picture = await load(file);
  const scale = Math.min(1, SIDE / Math.max(picture.naturalWidth, picture.naturalHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(picture.naturalHeight * scale));
  const board = canvas.getContext("2d");
  if (!board) return null;
  // What is see-through becomes paper, not black.
  board.fillStyle = "#fff";
  board.fillRect(0, 0, canvas.width, canvas.height);
  board.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
}

/** The picture, turned the right way up by the browser. A data address: our policy allows no other. */
async function load(file: File): Promise<HTMLImageElement> {
  const address = await new Promise<string>((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result));
    reader.onerror = () => failed(reader.error);
    reader.readAsDataURL(file);
  });
  const picture = new Image();
  await new Promise((done, failed) => {
    picture.onload = done;
    picture.onerror = failed;
    picture.src = address;
  });
  return picture;
}

/** `Blob.arrayBuffer` is younger than telephones that people carry. */
function bytesOf(blob: Blob): Promise<ArrayBuffer> {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result as ArrayBuffer);
    reader.onerror = () => failed(reader.error);
    reader.readAsArrayBuffer(blob);
  });
}
