import { world } from '@/local/world';

/** True when `unit` names the organizational unit that Control Tower manages here: by id, by name, or as `name (id)`. */
export function isManagedUnit(unit: string): boolean {
  return [world.mlOu, world.mlOuName, `${world.mlOuName} (${world.mlOu})`].includes(unit.trim());
}
