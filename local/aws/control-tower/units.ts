import { awsNames } from '@/local/aws-names';

/** Whether `unit` is the organizational unit that Control Tower manages here: its id, its name, or `name (id)`. */
export function isManagedUnit(unit: string): boolean {
  return [awsNames.mlOu, awsNames.mlOuName, `${awsNames.mlOuName} (${awsNames.mlOu})`].includes(unit.trim());
}
