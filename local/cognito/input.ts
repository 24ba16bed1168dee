import { AwsError } from '../aws/core/service';
import { optionalText, structures } from '../aws/wire/rpc-input';

export type Input = Record<string, unknown>;

/** A text member that must be there. Throws InvalidParameterException. */
export function required(input: Input, name: string): string {
  const value = optionalText(input, name);
  if (value !== undefined && value !== '') return value;
  throw invalid(
    `1 validation error detected: Value at '${memberName(name)}' failed to satisfy constraint: Member must not be null`,
  );
}

/** A member that is one of `values`, or absent. Throws InvalidParameterException. */
export function oneOf<T extends string>(input: Input, name: string, values: readonly T[]): T | undefined {
  const given = optionalText(input, name);
  const known = values.find((value) => value === given);
  if (given === undefined || known !== undefined) return known;
  throw invalid(
    `1 validation error detected: Value '${given}' at '${memberName(name)}' failed to satisfy constraint: Member must satisfy enum value set: [${values.join(', ')}]`,
  );
}

/** The `UserAttributes` by name. */
export function attributesOf(input: Input): Readonly<Record<string, string>> {
  const attributes = structures(input, 'UserAttributes').map((entry) => {
    const name = required(entry, 'Name');
    return [name, optionalText(entry, 'Value') ?? ''] as const;
  });
  return Object.fromEntries(attributes);
}

/** The e-mail address that is the username. Throws InvalidParameterException. */
export function addressOf(username: string): string {
  if (username.length <= 320 && /^[^\s\p{Cc}<>@,;"]+@[^\s\p{Cc}<>@,;"]+$/u.test(username)) return username;
  throw invalid('Username should be an email.');
}

export const invalid = (message: string): AwsError => new AwsError('InvalidParameterException', message);

const memberName = (name: string): string => `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
