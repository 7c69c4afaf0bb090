import type { Database } from '../../services/db/database.ts';
import { type CameraRecord, loadCamera, loadRules } from '../../services/db/registry.ts';
import type { ScopedRule } from '../../services/domain/rules.ts';

/** Cameras and rules, read once and forgotten when the registry changes (`clear` on NOTIFY mingzao_registry). */
export interface RegistryCache {
  camera(id: string): Promise<CameraRecord | undefined>;
  rules(): Promise<ScopedRule[]>;
  clear(): void;
}

export function createRegistryCache(db: Database): RegistryCache {
  let cameras = new Map<string, Promise<CameraRecord | undefined>>();
  let rules: Promise<ScopedRule[]> | undefined;
  return {
    camera(id) {
      let found = cameras.get(id);
      if (found === undefined) {
        const mine = cameras;
        found = loadCamera(db, id).catch((error) => {
          mine.delete(id);
          throw error;
        });
        cameras.set(id, found);
      }
      return found;
    },
    rules() {
      rules ??= loadRules(db).catch((error) => {
        rules = undefined;
        throw error;
      });
      return rules;
    },
    clear() {
      cameras = new Map();
      rules = undefined;
    },
  };
}
