/** The bytes as an ArrayBuffer of their own, as the ASN.1 library wants them. */
export function buffer(bytes: Uint8Array): ArrayBuffer {
  const own = new ArrayBuffer(bytes.length);
  new Uint8Array(own).set(bytes);
  return own;
}

/** A SET OF with the parts in the order given (X.690 section 8.12). */
export function derSet(parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const length = content.length;
  const bytes = length < 0x80 ? [] : length < 0x100 ? [length] : [length >> 8, length & 0xff];
  if (length > 0xffff) throw new RangeError('a SET of more than 65,535 bytes');
  const first = bytes.length === 0 ? [length] : [0x80 | bytes.length, ...bytes];
  return Buffer.concat([Buffer.from([0x31, ...first]), content]);
}
