import { X509Certificate } from 'node:crypto';

/** The certificates of a PEM file, one by one. @throws Error when there is none, or one cannot be read */
export function splitCertificates(pem: string): string[] {
  const found = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  if (found.length === 0) throw new Error('there is no certificate (PEM) in the file');
  for (const one of found) new X509Certificate(one);
  return found;
}
