import { AwsError } from '@/local/aws/core/service';
import { optionalText, optionalWhole, structure, structures } from '@/local/aws/wire/rpc-input';
import { type Page, pageOf } from '@/local/aws/wire/rpc-page';

type Input = Record<string, unknown>;

const memberOf = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** SageMaker's ValidationException for one member. */
export function validationError(name: string, value: string | null, constraint: string): AwsError {
  const shown = value === null ? 'null' : `'${value}'`;
  return new AwsError(
    'ValidationException',
    `1 validation error detected: Value ${shown} at '${memberOf(name)}' failed to satisfy constraint: ${constraint}`,
  );
}

/** Patterns of the SageMaker API. */
export const forms = {
  domainId: 'd-(-*[a-z0-9]){1,61}',
  name: '[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}',
  roleArn: 'arn:aws[a-z\\-]*:iam::[0-9]{12}:role/[a-zA-Z_0-9+=,.@\\-_/]+',
  arn: 'arn:aws[a-z\\-]*:sagemaker:[a-z0-9\\-]*:[0-9]{12}:.+',
} as const;

/** A text of that form and at most `maxLength` characters; `undefined` when it is absent. Throws ValidationException. */
export function optionalForm(input: Input, name: string, form: string, maxLength = 63): string | undefined {
  const value = optionalText(input, name);
  if (value === undefined) return undefined;
  if (value.length > maxLength) {
    throw validationError(name, value, `Member must have length less than or equal to ${maxLength}`);
  }
  if (!new RegExp(`^(?:${form})$`).test(value)) {
    throw validationError(name, value, `Member must satisfy regular expression pattern: ${form}`);
  }
  return value;
}

/** As `optionalForm`, and it must be there. */
export function neededForm(input: Input, name: string, form: string, maxLength = 63): string {
  const value = optionalForm(input, name, form, maxLength);
  if (value === undefined) throw validationError(name, null, 'Member must not be null');
  return value;
}

/** One of `values`; `undefined` when it is absent. Throws ValidationException. */
export function optionalChoice<T extends string>(
  input: Input,
  name: string,
  values: readonly T[],
): T | undefined {
  const value = optionalText(input, name);
  if (value === undefined) return undefined;
  const chosen = values.find((each) => each === value);
  if (chosen !== undefined) return chosen;
  throw validationError(name, value, `Member must satisfy enum value set: [${values.join(', ')}]`);
}

/** As `optionalChoice`, and it must be there. */
export function neededChoice<T extends string>(input: Input, name: string, values: readonly T[]): T {
  const value = optionalChoice(input, name, values);
  if (value === undefined) throw validationError(name, null, 'Member must not be null');
  return value;
}

/** A whole number within both bounds; `fallback` when it is absent. Throws ValidationException. */
export function wholeWithin(input: Input, name: string, min: number, max: number, fallback: number): number {
  const value = optionalWhole(input, name) ?? fallback;
  if (value < min)
    throw validationError(name, String(value), `Member must have value greater than or equal to ${min}`);
  if (value > max)
    throw validationError(name, String(value), `Member must have value less than or equal to ${max}`);
  return value;
}

/** A page of `all` as `MaxResults` (1 to 100, default 10) and `NextToken` ask for. */
export function pageOfInput<T>(all: readonly T[], keyOf: (item: T) => string, input: Input): Page<T> {
  const size = wholeWithin(input, 'MaxResults', 1, 100, 10);
  const refuse = () => new AwsError('ValidationException', 'Invalid NextToken.');
  return pageOf(all, keyOf, optionalText(input, 'NextToken'), size, refuse);
}

/** Sorts by time as `SortOrder` asks for; descending by default, as SageMaker does. */
export function sortedByTime<T>(all: readonly T[], timeOf: (item: T) => string, input: Input): readonly T[] {
  const ascending = optionalChoice(input, 'SortOrder', ['Ascending', 'Descending']) === 'Ascending';
  return [...all].sort((a, b) => timeOf(a).localeCompare(timeOf(b)) * (ascending ? 1 : -1));
}

/** A map of texts; empty when it is absent. Throws SerializationException. */
export function textMap(input: Input, name: string): Readonly<Record<string, string>> {
  const map: Record<string, string> = {};
  for (const [key, value] of Object.entries(structure(input, name))) {
    if (typeof value !== 'string')
      throw new AwsError('SerializationException', `${name} must be a map of strings`);
    map[key] = value;
  }
  return map;
}

/** A whole number within both bounds that must be there. Throws ValidationException. */
export function neededNumberWithin(input: Input, name: string, min: number, max: number): number {
  if (optionalWhole(input, name) === undefined) throw validationError(name, null, 'Member must not be null');
  return wholeWithin(input, name, min, max, min);
}

/** `Tags` of a request that makes something. */
export const tagsOfInput = (input: Input): readonly object[] =>
  structures(input, 'Tags').map((tag) => ({ Key: tag.Key ?? '', Value: tag.Value ?? '' }));
