import { AwsError } from '../core/service';
import { optionalText } from '../wire/rpc-input';
import { type Dimension, units } from './metric';

export type Input = Record<string, unknown>;

export const invalid = (message: string): AwsError => new AwsError('InvalidParameterValueException', message);
export const badCombination = (message: string): AwsError =>
  new AwsError('InvalidParameterCombinationException', message);
export const badRequest = (message: string): AwsError => new AwsError('ValidationException', message);

/** A text that must be present and not empty. Throws MissingRequiredParameterException. */
export function requiredText(input: Input, name: string): string {
  const text = optionalText(input, name);
  if (text) return text;
  throw new AwsError('MissingRequiredParameterException', `The parameter ${name} is required.`);
}

/** A number of either protocol. Throws InvalidParameterValueException for anything else, and for NaN and infinity. */
export function numberOf(value: unknown, name: string): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw invalid(`The parameter ${name} must be a number.`);
}

/** A value that a metric may have. Throws InvalidParameterValueException. */
export function metricValue(value: unknown, name: string): number {
  const number = numberOf(value, name);
  if (Math.abs(number) <= 2 ** 360) return number;
  throw invalid(`The value ${number} for parameter ${name} is out of range.`);
}

/** A list of numbers; undefined when absent. */
export function numbers(input: Input, name: string): readonly number[] | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw new AwsError('SerializationException', `${name} must be a list`);
  return value.map((each) => metricValue(each, name));
}

/** A flag of either protocol. */
export function flag(input: Input, name: string, standard: boolean): boolean {
  const value = input[name];
  if (value === undefined || value === null) return standard;
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  throw new AwsError('SerializationException', `${name} must be a boolean`);
}

/** A time in epoch seconds, sent as such (JSON) or as ISO 8601 (Query); undefined when absent. */
export function optionalTime(input: Input, name: string): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  const text = String(value);
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Date.parse(text) / 1000;
  if (Number.isFinite(seconds)) return seconds;
  throw invalid(`The parameter ${name} must be a timestamp.`);
}

/** Like `optionalTime`. Throws MissingRequiredParameterException when absent. */
export function requiredTime(input: Input, name: string): number {
  const time = optionalTime(input, name);
  if (time !== undefined) return time;
  throw new AwsError('MissingRequiredParameterException', `The parameter ${name} is required.`);
}

/** A unit; undefined when absent. */
export function optionalUnit(input: Input, name = 'Unit'): string | undefined {
  const unit = optionalText(input, name);
  if (unit === undefined || units.has(unit)) return unit;
  throw invalid(`The value ${unit} for parameter ${name} is invalid.`);
}

/** A period, s. Throws InvalidParameterValueException. */
export function periodOf(input: Input, name = 'Period'): number {
  const period = numberOf(input[name], name);
  if ([1, 5, 10, 20, 30].includes(period) || (period > 0 && period % 60 === 0)) return period;
  throw invalid(
    `The value ${period} for parameter ${name} is invalid: 1, 5, 10, 20, 30 or a multiple of 60.`,
  );
}

const maxDimensions = 30;

/** The dimensions of a metric: distinct names, each with a value. Throws InvalidParameterValueException. */
export function dimensionsOf(entries: readonly Input[]): readonly Dimension[] {
  if (entries.length > maxDimensions) throw invalid(`A metric has at most ${maxDimensions} dimensions.`);
  const dimensions = entries.map((entry) => ({
    name: requiredText(entry, 'Name'),
    value: requiredText(entry, 'Value'),
  }));
  if (new Set(dimensions.map(({ name }) => name)).size === dimensions.length) return dimensions;
  throw invalid('No more than one value may be given for the same dimension name.');
}
