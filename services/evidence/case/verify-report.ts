/** What the steps of the check share. */
import type { TimeStamp } from '../time-stamp/token.ts';
import type { ZipEntry } from '../zip/format.ts';
import type { ByteSource } from '../zip/reader.ts';
import type { Manifest } from './manifest.ts';

export interface Fault {
  fault:
    | 'container' // the zip itself
    | 'missing' // a file that the manifest lists is not there
    | 'extra' // a file that it does not list
    | 'altered' // the bytes of a file
    | 'manifest'
    | 'signature'
    | 'chain' // an item was left out, put in or altered before the export
    | 'lost' // the object store did not have it any more, or had other bytes
    | 'time_stamp';
  /** The file or item that it is about. */
  about: string;
  detail: string;
}

/** A time stamp that is right: the case up to the link `seq` was there at that time. */
export interface CheckedTimeStamp extends TimeStamp {
  caseId: string;
  seq: number;
}

export interface Checked {
  entry: ZipEntry;
  sha256: string;
}

/** What the steps share. */
export interface Unpacked {
  source: ByteSource;
  files: ReadonlyMap<string, Checked>;
  manifest: Manifest;
}
