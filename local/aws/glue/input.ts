import { AwsError } from '../core/service';
import { structure } from '../wire/rpc-input';

type Input = Record<string, unknown>;

/** Glue's InvalidInputException. */
export const invalidInput = (message: string): AwsError => new AwsError('InvalidInputException', message);

/** The name of a job or the id of a run: one line of 1 to 255 characters. Throws InvalidInputException. */
export function neededName(input: Input, name: string): string {
  const value = input[name];
  if (typeof value === 'string' && value.length >= 1 && value.length <= 255 && /^[^\r\n]+$/.test(value)) {
    return value;
  }
  throw invalidInput(`${name} must be one line of 1 to 255 characters.`);
}

/** The arguments of a run: a map of texts. Throws InvalidInputException. */
export function runArguments(input: Input, fixed: Readonly<Record<string, string>>): Record<string, string> {
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(structure(input, 'Arguments'))) {
    if (typeof value !== 'string') throw invalidInput(`The argument ${name} must be a string.`);
    if (Object.hasOwn(fixed, name)) throw invalidInput(`The argument ${name} cannot be overridden.`);
    given[name] = value;
  }
  return given;
}

/** A whole number of an input within bounds; `standard` when it is absent. Throws InvalidInputException. */
export function wholeFrom(input: Input, name: string, min: number, max: number, standard: number): number {
  const value = input[name] ?? standard;
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw invalidInput(`${name} must be a whole number from ${min} to ${max}.`);
}
