import { AwsError } from '../core/service';
import type { MessageAttribute } from './md5';

export type Input = Readonly<Record<string, unknown>>;

/** A text of the request. Throws MissingParameter. */
export function requiredText(input: Input, name: string): string {
  const value = input[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new AwsError('MissingParameter', `The request must contain the parameter ${name}.`);
}

/** A whole number within limits, or `standard` when absent. Throws InvalidParameterValue. */
export function wholeWithin(input: Input, name: string, min: number, max: number, standard: number): number {
  const value = input[name] ?? standard;
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw new AwsError(
    'InvalidParameterValue',
    `Value ${String(value)} for parameter ${name} is invalid: from ${min} to ${max}.`,
  );
}

/** A list of texts; empty for anything else. */
export const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : [];

/** The message attributes of a send. Throws InvalidParameterValue. */
export function messageAttributes(given: unknown): Record<string, MessageAttribute> {
  if (given === undefined || given === null) return {};
  const entries = Object.entries(Object(given) as Record<string, unknown>);
  if (entries.length > 10) throw invalid('a message has at most 10');
  return Object.fromEntries(
    entries.map(([name, raw]) => {
      const { DataType, StringValue, BinaryValue } = Object(raw) as Partial<Record<string, unknown>>;
      if (!/^[A-Za-z0-9_.-]{1,256}$/.test(name)) throw invalid(`the name ${name} is not allowed`);
      if (typeof DataType !== 'string' || !/^(String|Number|Binary)(\..+)?$/.test(DataType)) {
        throw invalid(`${name} needs a DataType`);
      }
      if (DataType.startsWith('Binary')) {
        if (typeof BinaryValue !== 'string') throw invalid(`${name} needs a BinaryValue`);
        return [name, { DataType, BinaryValue }];
      }
      if (typeof StringValue !== 'string' || StringValue === '') throw invalid(`${name} needs a StringValue`);
      return [name, { DataType, StringValue }];
    }),
  );
}

const invalid = (why: string): AwsError =>
  new AwsError('InvalidParameterValue', `The message attributes are invalid: ${why}.`);

/** The attributes that a receive asks for: names, `All`, `.*` or `prefix.*`. */
export function selected(
  attributes: Readonly<Record<string, MessageAttribute>>,
  wanted: readonly string[],
): Record<string, MessageAttribute> {
  const asked = (name: string) =>
    wanted.some(
      (want) =>
        want === 'All' || want === name || (want.endsWith('.*') && name.startsWith(want.slice(0, -2))),
    );
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => asked(name)));
}

/** The entries of a batch. Throws the errors that concern the whole batch. */
function batchEntries(input: Input): readonly (Input & { readonly Id: string })[] {
  const entries = Array.isArray(input.Entries) ? (input.Entries as Input[]) : [];
  if (entries.length === 0)
    throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > 10) {
    throw new AwsError('TooManyEntriesInBatchRequest', 'Maximum number of entries per request are 10.');
  }
  const ids = entries.map((entry) => entry?.Id);
  if (!ids.every((id) => typeof id === 'string' && /^[A-Za-z0-9_-]{1,80}$/.test(id))) {
    throw new AwsError(
      'InvalidBatchEntryId',
      'A batch entry id has up to 80 letters, digits, hyphens and underscores.',
    );
  }
  if (new Set(ids).size !== ids.length)
    throw new AwsError('BatchEntryIdsNotDistinct', 'Batch entry ids must be distinct.');
  return entries as (Input & { readonly Id: string })[];
}

/** Runs `each` for the entries, one after another. An error fails only its own entry. */
export async function batch<R extends object>(
  input: Input,
  each: (entry: Input & { readonly Id: string }) => Promise<R>,
): Promise<{ Successful: (R & { Id: string })[]; Failed: object[] }> {
  const answer: { Successful: (R & { Id: string })[]; Failed: object[] } = { Successful: [], Failed: [] };
  for (const entry of batchEntries(input)) {
    try {
      answer.Successful.push({ Id: entry.Id, ...(await each(entry)) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      answer.Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return answer;
}
