import type { Engine } from './engine.ts';
import type { Fields } from './fields.ts';

/** `input` of a model.yml for a network that takes RGB bytes [n, height, width, 3]. Sizes in pixels. */
export interface PictureInput {
  name: string;
  width: number;
  height: number;
  /** Grey level outside the picture. */
  pad: number;
}

/** Reads and checks the section. Throws ModelFileError for a picture format that we do not feed. */
export function readPictureInput(input: Fields): PictureInput {
  input.oneOf('dtype', ['uint8']);
  input.oneOf('layout', ['NHWC']);
  input.oneOf('color', ['RGB']);
  return {
    name: input.text('name'),
    width: input.whole('width', 8, 4096),
    height: input.whole('height', 8, 4096),
    pad: input.whole('pad', 0, 255),
  };
}

/** Throws ModelFileError unless the network has the input or output that `section.key` names. */
export function checkName(names: Engine['inputNames'], name: string, section: Fields, key: string): void {
  if (!names.includes(name)) section.fail(key, `must be named as in the network (${names.join(', ')})`);
}
