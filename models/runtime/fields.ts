import { ModelFileError } from './model-file-error.ts';

/**
 * One mapping of a model.yml, read key by key. Every getter throws ModelFileError that names file and key
 * (`models/heads/model.yml: input.width must be a whole number from 32 to 4096, is "wide"`).
 */
export class Fields {
  readonly #file: string;
  readonly #path: string;
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(file: string, value: unknown, path = '') {
    this.#file = file;
    this.#path = path;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new ModelFileError(file, path, `must be a mapping of keys, is ${shown(value)}`);
    }
    this.#values = value as Record<string, unknown>;
  }

  section(key: string): Fields {
    return new Fields(this.#file, this.#values[key], this.#name(key));
  }

  /** Whether the key is there, for what a model may leave out. */
  has(key: string): boolean {
    return this.#values[key] !== undefined;
  }

  text(key: string): string {
    const value = this.#values[key];
    if (typeof value !== 'string' || value === '') return this.fail(key, 'must be a text');
    return value;
  }

  matching(key: string, pattern: RegExp, wanted: string): string {
    const value = this.#values[key];
    if (typeof value !== 'string' || !pattern.test(value)) return this.fail(key, `must be ${wanted}`);
    return value;
  }

  oneOf<T extends string>(key: string, options: readonly T[]): T {
    const found = options.find((option) => option === this.#values[key]);
    return found ?? this.fail(key, `must be ${options.join(' or ')}`);
  }

  whole(key: string, min: number, max: number): number {
    const value = this.#values[key];
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
      return this.fail(key, `must be a whole number from ${min} to ${max}`);
    }
    return value;
  }

  number(key: string, min: number, max: number): number {
    const value = this.#values[key];
    if (typeof value !== 'number' || !(value >= min && value <= max)) {
      return this.fail(key, `must be a number from ${min} to ${max}`);
    }
    return value;
  }

  /** The list under `key`, which must hold exactly `expected`, in any order: the order is what the caller wants to know. */
  permutation<T extends string>(key: string, expected: readonly T[]): T[] {
    const value = this.#values[key];
    const found = Array.isArray(value) ? expected.filter((name) => value.includes(name)) : [];
    if (!Array.isArray(value) || value.length !== expected.length || found.length !== expected.length) {
      return this.fail(key, `must list ${expected.join(', ')}`);
    }
    return found.sort((a, b) => value.indexOf(a) - value.indexOf(b));
  }

  wholes(key: string, min: number, max: number): number[] {
    const value = this.#values[key];
    const good = (item: unknown): item is number => Number.isInteger(item) && within(item, min, max);
    if (!Array.isArray(value) || value.length === 0 || !value.every(good)) {
      return this.fail(key, `must be a list of whole numbers from ${min} to ${max}`);
    }
    return value;
  }

  fail(key: string, problem: string): never {
    throw new ModelFileError(this.#file, this.#name(key), `${problem}, is ${shown(this.#values[key])}`);
  }

  #name(key: string): string {
    return this.#path === '' ? key : `${this.#path}.${key}`;
  }
}

function within(value: unknown, min: number, max: number): boolean {
  return typeof value === 'number' && value >= min && value <= max;
}

function shown(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}
