import { AwsError } from '../core/service';

type Input = Record<string, unknown>;

/** A text member; `undefined` when absent. Throws SerializationException for another type. */
export function optionalText(input: Input, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw new AwsError('SerializationException', `${name} must be a string`);
}

/** A whole-number member of either protocol; `undefined` when absent. */
export function optionalWhole(input: Input, name: string): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number)) return number;
  throw new AwsError('SerializationException', `${name} must be an integer`);
}

/** A structure or map member; empty when absent. */
export function structure(input: Input, name: string): Input {
  const value = input[name];
  if (value === undefined || value === null) return {};
  if (isStructure(value)) return value;
  throw new AwsError('SerializationException', `${name} must be a structure`);
}

/** A member with a list of texts; empty when absent. */
export function texts(input: Input, name: string): readonly string[] {
  return list(input, name).map((value) => {
    if (typeof value === 'string') return value;
    throw new AwsError('SerializationException', `${name} must be a list of strings`);
  });
}

/** A member with a list of structures; empty when absent. */
export function structures(input: Input, name: string): readonly Input[] {
  return list(input, name).map((value) => {
    if (isStructure(value)) return value;
    throw new AwsError('SerializationException', `${name} must be a list of structures`);
  });
}

function list(input: Input, name: string): readonly unknown[] {
  const value = input[name];
  // In the Query protocol an empty list has no members and arrives as an empty text.
  if (value === undefined || value === null || value === '') return [];
  if (Array.isArray(value)) return value;
  throw new AwsError('SerializationException', `${name} must be a list`);
}

function isStructure(value: unknown): value is Input {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
