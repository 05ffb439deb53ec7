// Photographs, made small before they are sent: what a camera writes into them goes with that.

/** The photograph as a JPEG of at most `side` pixels; as it is where the browser cannot draw it. */
export async function shrunk(photo: File, side: number): Promise<Blob> {
  const address = URL.createObjectURL(photo);
  try {
    const picture = await loaded(address);
    const scale = Math.min(1, side / Math.max(picture.naturalWidth, picture.naturalHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(picture.naturalWidth * scale));
    canvas.height = Math.max(1, Math.round(picture.naturalHeight * scale));
    const context = canvas.getContext("2d");
    if (!context) return photo;
    context.drawImage(picture, 0, 0, canvas.width, canvas.height);
    return (await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.85))) ?? photo;
  } catch {
    return photo;
  } finally {
    URL.revokeObjectURL(address);
  }
}

function loaded(address: string): Promise<HTMLImageElement> {
  return new Promise((done, failed) => {
    const picture = new Image();
    picture.onload = () => done(picture);
    picture.onerror = () => failed(new Error("no picture"));
    picture.src = address;
  });
}
