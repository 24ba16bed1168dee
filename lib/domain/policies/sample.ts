import { churnFeatures } from '../churn/features';
import { type ColumnDefinition, datasets } from '../extracts/datasets';
import { maskingOf } from '../extracts/masking';
import type { ColumnType, DatasetName, Mask } from '../extracts/ports';
import { addDays } from '../time';
import type { ColumnMasks, SampleQuery } from './ports';

/** Generated rows that the smallest group is looked for in, and those that are shown. */
export const sampleSize = 1_000;
export const shownRows = 10;

const sqlTypes: Readonly<Record<ColumnType, string>> = {
  text: 'text',
  int: 'integer',
  float: 'double precision',
  timestamp: 'timestamptz',
  date: 'date',
};

/** In place of a tenant's salt, which only the tenant's own transactions can use. */
const sampleHash = (text: string): string =>
  `encode(sha256(convert_to('sample ' || ${text}, 'UTF8')), 'hex')`;

/** The first rows, as they are in `b1`, `b2` … and as masked in `a1`, `a2` …: a column that is left out has no value there. */
export function previewQuery(dataset: DatasetName, masks: ColumnMasks): SampleQuery {
  const list = datasets[dataset].columns.flatMap((column, at) => {
    const masked = maskedSql(column, masks);
    return [
      `(${rawSql(column)})::text AS b${at + 1}`,
      ...(masked === null ? [] : [`(${masked})::text AS a${at + 1}`]),
    ];
  });
  return overSample(dataset, `SELECT ${list.join(', ')} FROM sample ORDER BY sample_row LIMIT ${shownRows}`);
}

/** How many groups the generalised columns make of the rows, and how small the smallest is. Null: no column is generalised. */
export function groupsQuery(dataset: DatasetName, masks: ColumnMasks): SampleQuery | null {
  const by = generalised(dataset, masks).map((column) => maskedSql(column, masks));
  if (by.length === 0) return null;
  return overSample(
    dataset,
    `SELECT min(rows)::text AS smallest, count(*)::text AS groups
     FROM (SELECT count(*) AS rows FROM sample GROUP BY ${by.join(', ')}) AS grouped`,
  );
}

/** The columns that are generalised: each says less than it did, but all together may still single somebody out. */
export const generalised = (dataset: DatasetName, masks: ColumnMasks): readonly ColumnDefinition[] =>
  datasets[dataset].columns.filter(({ name }) => maskIn(masks, name) === 'generalize');

/** The mask of a column; a column that is not decided is left out. */
export const maskIn = (masks: ColumnMasks, name: string): Mask =>
  Object.hasOwn(masks, name) ? (masks[name] ?? 'drop') : 'drop';

const rawSql = ({ name }: ColumnDefinition): string => `sample."${name}"`;

/** Null for a column that is left out. */
function maskedSql(column: ColumnDefinition, masks: ColumnMasks): string | null {
  const masking = maskingOf(column.type, maskIn(masks, column.name));
  return masking?.sql(rawSql(column), sampleHash) ?? null;
}

function overSample(dataset: DatasetName, select: string): SampleQuery {
  const { columns } = datasets[dataset];
  const types = columns.map(({ name, type }) => `"${name}" ${sqlTypes[type]}`);
  return {
    statement: `WITH sample AS (
      SELECT * FROM jsonb_to_recordset({rows}::jsonb) AS given (sample_row integer, ${types.join(', ')})
    ) ${select}`,
    rows: JSON.stringify(
      Array.from({ length: sampleSize }, (_, n) => ({
        sample_row: n,
        ...Object.fromEntries(columns.map((column) => [column.name, madeUp(column, n)])),
      })),
    ),
  };
}

const firstNames = 'Ada Ben Chen Dina Emil Fatma Grace Hugo Ines Jonas Kira Luis Mina Noor Olga Pavel'.split(
  ' ',
);
const lastNames =
  'Adler Becker Costa Diaz Eriksen Fischer Garcia Haddad Ito Jansen Kowalski Lund Moreau Novak'.split(' ');
const domains = ['mail.example', 'post.example', 'work.example'];
const subjects = ['Where is my order?', 'Refund for a broken lamp', 'Change of address', 'Invoice missing'];
const newest = new Date('2026-01-01T12:00:00Z');

/** A whole number from 0 to `below` - 1 that looks drawn, and is the same in every run. */
const drawn = (n: number, series: number, below: number): number =>
  Math.floor(((Math.imul(n + 1, 2_654_435_761) ^ Math.imul(series, 40_503)) >>> 8) % below);
const one = (all: readonly string[], n: number, series: number): string =>
  all[drawn(n, series, all.length)] ?? '';

const person = (n: number): readonly [first: string, last: string] => [
  one(firstNames, n, 1),
  one(lastNames, n, 2),
];

/** By name, for columns whose values look like something. */
const known: Readonly<Record<string, (n: number) => string | number>> = {
  ...Object.fromEntries(churnFeatures.map(({ name, madeUp: of }) => [name, of])),
  customer_id: (n) => `C${String(10_000 + n)}`,
  ticket_id: (n) => `T${String(20_000 + n)}`,
  name: (n) => person(n).join(' '),
  email: (n) => `${person(n).join('.').toLowerCase()}@${one(domains, n, 3)}`,
  subject: (n) => one(subjects, n, 4),
  quantity: (n) => 1 + drawn(n, 5, 5),
  amount: (n) => (500 + drawn(n, 6, 19_500)) / 100,
  churned: (n) => (drawn(n, 7, 4) === 0 ? 1 : 0),
};

const ofType: Readonly<Record<ColumnType, (n: number) => string | number>> = {
  text: (n) => `value ${1 + drawn(n, 8, 200)}`,
  int: (n) => drawn(n, 9, 100),
  float: (n) => drawn(n, 10, 10_000) / 100,
  timestamp: (n) => addDays(newest, -drawn(n, 11, 26_280) / 24).toISOString(),
  date: (n) =>
    addDays(newest, -drawn(n, 11, 1_095))
      .toISOString()
      .slice(0, 10),
};

/** The value of a column in generated row `n`. No tenant has these people. */
function madeUp({ name, type }: ColumnDefinition, n: number): string | number {
  return (Object.hasOwn(known, name) ? known[name] : undefined)?.(n) ?? ofType[type](n);
}
