/** The bytes as an ArrayBuffer of their own, as the ASN.1 library wants them. */
export function buffer(bytes: Uint8Array): ArrayBuffer {
  const own = new ArrayBuffer(bytes.length);
  new Uint8Array(own).set(bytes);
  return own;
}
