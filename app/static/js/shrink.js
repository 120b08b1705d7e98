// A smaller copy of a photo, upright, with the time and place (EXIF) of the original.

// The EXIF part of a JPEG (when and where it was taken), told that the picture stands upright now.
export function exifOf(bytes) {
  const view = new DataView(bytes);
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; at + 4 < view.byteLength; ) {
    const marker = view.getUint16(at);
    const length = view.getUint16(at + 2);
    if (marker === 0xffda || (marker & 0xff00) !== 0xff00) return null;
    if (marker === 0xffe1 && at + 2 + length <= view.byteLength && view.getUint32(at + 4) === 0x45786966) {
      const part = bytes.slice(at, at + 2 + length);
      upright(new DataView(part, 10));
      return part;
    }
    at += 2 + length;
  }
  return null;
}

function upright(tiff) {
  const little = tiff.getUint16(0) === 0x4949;
  const first = tiff.getUint32(4, little);
  if (first + 2 > tiff.byteLength) return;
  const count = tiff.getUint16(first, little);
  for (let n = 0; n < count && first + 14 + 12 * n <= tiff.byteLength; n++) {
    const entry = first + 2 + 12 * n;
    if (tiff.getUint16(entry, little) === 0x0112) tiff.setUint16(entry + 8, 1, little);
  }
}

// The picture with the EXIF part of another.
export const withExif = (blob, exif) => (exif ? new Blob([blob.slice(0, 2), exif, blob.slice(2)], { type: "image/jpeg" }) : blob);

// What cannot be read here goes as it is. `longest` side in pixels; small files that fit stay untouched.
export async function smaller(file, longest, small = 1_500_000) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
    if (scale === 1 && file.size < small) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    canvas.width = canvas.height = 0;
    if (!blob || blob.size >= file.size) return file;
    return withExif(blob, exifOf(await file.slice(0, 256 * 1024).arrayBuffer()));
  } catch {
    return file;
  }
}

// An id without crypto.randomUUID, which plain http does not have.
export function newId() {
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 0x0f) | 0x40;
  b[8] = (b[8] & 0x3f) | 0x80;
  const hex = [...b].map((one) => one.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
