/** What the API takes: services/api/commands/keep-photo.ts. */
const MOST_BYTES = 10 * 1024 * 1024;
const MOST_SIDE = 4096;
/** Pixels of the longer side, and JPEG quality, of a photo that had to be made smaller. */
const SMALLER_SIDE = 3000;
const SMALLER_QUALITY = 0.85;

/** `FileReader`, since old WebViews know no `Blob.arrayBuffer`. */
export function bytesOf(blob: Blob): Promise<ArrayBuffer> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as ArrayBuffer);
    reader.onerror = () => reject(reader.error ?? new Error('FileReader'));
    reader.readAsArrayBuffer(blob);
  });
}

function pictureOf(blob: Blob): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const url = URL.createObjectURL(blob);
    const image = new Image();
    image.onload = () => {
      URL.revokeObjectURL(url);
      resolve(image);
    };
    image.onerror = () => {
      URL.revokeObjectURL(url);
      reject(new Error('no picture'));
    };
    image.src = url;
  });
}

/**
 * A photo as it can be sent: the very bytes of the camera, with the time and place it wrote into them, when they are a JPEG within
 * the limits; only else a smaller copy. @throws Error when it is no picture that this browser reads
 */
export async function preparePhoto(file: Blob): Promise<ArrayBuffer> {
  const image = await pictureOf(file);
  const { naturalWidth: width, naturalHeight: height } = image;
  const fits = file.size <= MOST_BYTES && Math.max(width, height) <= MOST_SIDE;
  if (file.type === 'image/jpeg' && fits) return await bytesOf(file);
  const scale = Math.min(1, SMALLER_SIDE / Math.max(width, height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const smaller = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, 'image/jpeg', SMALLER_QUALITY);
  });
  if (smaller === null) throw new Error('no picture');
  return await bytesOf(smaller);
}

/** SHA-256, hex; undefined where the browser has none (a page that is not on HTTPS). */
export async function sha256(bytes: ArrayBuffer): Promise<string | undefined> {
  // Absent outside secure contexts, whatever its type says.
  const subtle = (crypto as { subtle?: SubtleCrypto }).subtle;
  if (subtle === undefined) return undefined;
  const hash = new Uint8Array(await subtle.digest('SHA-256', bytes));
  return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
