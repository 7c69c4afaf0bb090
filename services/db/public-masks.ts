/** What is black in a camera's public pictures: the areas of the public view, and those drawn on the camera. */
import { type RawBuilder, sql } from 'kysely';
import type { Area } from '../domain/words.ts';
import { isOfThisView } from './public-turned.ts';
import type { RedactedPicture } from './schema-public.ts';

/** Columns of the tables `public_camera` and `camera`, as they are named in a query. */
interface Names {
  publicCamera: string;
  camera: string;
}

export const masksOf = ({ publicCamera, camera }: Names): RawBuilder<Area[]> =>
  sql`(${sql.ref(`${publicCamera}.masks`)} || ${sql.ref(`${camera}.privacy_masks`)})`;

/** Names these areas: another one, other areas. */
export const masksName = (names: Names): RawBuilder<string> => sql`md5(${masksOf(names)}::text)`;

/**
 * The picture, or null where its areas hide no more what they shall: other ones are black now than when it was made, whoever changed
 * them and however; or the camera looks elsewhere.
 */
export const stillMasked = (picture: string, names: Names): RawBuilder<RedactedPicture | null> => {
  const takenAt = sql<Date | null>`(${sql.ref(picture)} ->> 'takenAt')::timestamptz`;
  return sql`case when ${sql.ref(picture)} ->> 'masks' = ${masksName(names)} and ${isOfThisView(names.camera, takenAt)}
    then ${sql.ref(picture)} end`;
};
