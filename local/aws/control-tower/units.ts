import { awsNames } from '@/local/aws-names';

/** True when `unit` names the organizational unit that Control Tower manages here: by id, by name, or as `name (id)`. */
export function isManagedUnit(unit: string): boolean {
  return [awsNames.mlOu, awsNames.mlOuName, `${awsNames.mlOuName} (${awsNames.mlOu})`].includes(unit.trim());
}
