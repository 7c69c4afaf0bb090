/** A model folder that cannot be used. The message names the file, the key and what would be right. */
export class ModelFileError extends Error {
  constructor(file: string, key: string, problem: string) {
    super(`${file}: ${key === '' ? '' : `${key} `}${problem}`);
    this.name = 'ModelFileError';
  }
}
