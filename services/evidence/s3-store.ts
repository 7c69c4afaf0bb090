import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { checkKey, ObjectMissing, type ObjectStore } from './object-store.ts';

export interface S3Address {
  /** http(s)://host:port */
  endpoint: string;
  bucket: string;
  region: string;
  accessKey: string;
  secretKey: string;
}

function isMissing(error: unknown): boolean {
  return ['NoSuchKey', 'NotFound'].includes((error as Error).name);
}

/** Objects in an S3-compatible service (path-style addresses, as MinIO and others use them). */
export function openS3Store(address: S3Address): ObjectStore {
  const client = new S3Client({
    endpoint: address.endpoint,
    region: address.region,
    forcePathStyle: true,
    credentials: { accessKeyId: address.accessKey, secretAccessKey: address.secretKey },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const at = (key: string) => ({ Bucket: address.bucket, Key: checkKey(key) });
  return {
    async put(key, bytes, options = {}) {
      await client.send(
        new PutObjectCommand({
          ...at(key),
          Body: bytes,
          ContentType: options.contentType ?? 'application/octet-stream',
        }),
      );
    },
    async get(key) {
      try {
        const answer = await client.send(new GetObjectCommand(at(key)));
        if (answer.Body === undefined) throw new ObjectMissing(key);
        return Buffer.from(await answer.Body.transformToByteArray());
      } catch (error) {
        throw isMissing(error) ? new ObjectMissing(key) : error;
      }
    },
    async remove(key) {
      await client.send(new DeleteObjectCommand(at(key)));
    },
    async copy(from, to) {
      try {
        await client.send(
          new CopyObjectCommand({ ...at(to), CopySource: `${address.bucket}/${checkKey(from)}` }),
        );
      } catch (error) {
        throw isMissing(error) ? new ObjectMissing(from) : error;
      }
    },
    async *list(prefix, after) {
      let token: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({
            Bucket: address.bucket,
            Prefix: `${checkKey(prefix)}/`,
            ContinuationToken: token,
            ...(after !== undefined && token === undefined && { StartAfter: checkKey(after) }),
          }),
        );
        for (const item of page.Contents ?? []) {
          if (item.Key === undefined) continue;
          yield { key: item.Key, at: item.LastModified ?? new Date(0), bytes: item.Size ?? 0 };
        }
        token = page.NextContinuationToken;
      } while (token !== undefined);
    },
    close() {
      client.destroy();
    },
  };
}
