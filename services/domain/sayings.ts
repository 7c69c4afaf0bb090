import { FIELD_SAYINGS } from './sayings/field.ts';
import { WHOLE_SAYINGS } from './sayings/whole.ts';

/** Everything that is told to callers when something is not right, in English. A code stays what it means. */
export const SAYINGS = { ...WHOLE_SAYINGS, ...FIELD_SAYINGS } as const;
