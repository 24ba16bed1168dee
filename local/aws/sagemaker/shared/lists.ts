import { AwsError } from '@/local/aws/core/service';
import { optionalText } from '@/local/aws/wire/rpc-input';
import type { Page } from '@/local/aws/wire/rpc-page';
import { optionalChoice, pageOfInput } from './input';

type Input = Record<string, unknown>;

/** What lists narrow and sort by; times in ISO 8601. */
export interface Listed {
  readonly name: string;
  readonly createdAt: string;
  readonly modifiedAt?: string;
  readonly status?: string;
}

/**
 * A page of `all` as a SageMaker list operation narrows (`NameContains`, `StatusEquals`, `CreationTime…`,
 * `LastModifiedTime…`), sorts (`SortBy`, `SortOrder`) and cuts it. Throws ValidationException.
 */
export function listPage<T extends Listed>(
  all: readonly T[],
  input: Input,
  defaultOrder: 'Ascending' | 'Descending',
): Page<T> {
  const order = optionalChoice(input, 'SortOrder', ['Ascending', 'Descending']) ?? defaultOrder;
  const by = optionalChoice(input, 'SortBy', ['Name', 'CreationTime', 'Status']) ?? 'CreationTime';
  const sign = order === 'Ascending' ? 1 : -1;
  const sorted = narrowed(all, input).sort(
    (a, b) => sign * (sortValue(a, by).localeCompare(sortValue(b, by)) || a.name.localeCompare(b.name)),
  );
  return pageOfInput(sorted, ({ name }) => name, input);
}

function sortValue(item: Listed, by: 'Name' | 'CreationTime' | 'Status'): string {
  if (by === 'Name') return item.name;
  return by === 'Status' ? (item.status ?? '') : item.createdAt;
}

function narrowed<T extends Listed>(all: readonly T[], input: Input): T[] {
  const part = optionalText(input, 'NameContains')?.toLowerCase();
  const status = optionalText(input, 'StatusEquals');
  const within = (name: string, time: string | undefined): boolean => {
    const at = Date.parse(time ?? '');
    const after = optionalTime(input, `${name}After`);
    const before = optionalTime(input, `${name}Before`);
    return (after === undefined || at > after) && (before === undefined || at < before);
  };
  return all.filter(
    (item) =>
      (part === undefined || item.name.toLowerCase().includes(part)) &&
      (status === undefined || item.status === status) &&
      within('CreationTime', item.createdAt) &&
      within('LastModifiedTime', item.modifiedAt ?? item.createdAt),
  );
}

/** Epoch milliseconds of a timestamp, which the JSON protocol carries as epoch seconds. */
function optionalTime(input: Input, name: string): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number') return value * 1000;
  throw new AwsError('SerializationException', `${name} must be a timestamp`);
}
