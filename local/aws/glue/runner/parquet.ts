import type { SchemaElement } from 'hyparquet';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import { copyRows } from './copy-rows';
import { ExtractFailure } from './failure';
import type { ExtractColumn } from './task';

const rowsInGroup = 25_000;
/** A group is also closed when its rows took this many bytes of text. */
const textInGroup = 4 * 1024 * 1024;

type Cell = string | bigint | number | null;

const physical: Readonly<Record<ExtractColumn['type'], Pick<SchemaElement, 'type' | 'converted_type'>>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  int: { type: 'INT64' },
  float: { type: 'DOUBLE' },
  timestamp: { type: 'INT64', converted_type: 'TIMESTAMP_MICROS' },
  date: { type: 'INT32', converted_type: 'DATE' },
};

/**
 * A Parquet file of what `COPY … (FORMAT text)` gives, as bytes in order: Snappy, a row group for about every 25,000
 * rows, in memory one group at a time. Timestamps are UTC in microseconds. Throws ExtractFailure when a value does not
 * fit the type of its column.
 */
export async function* parquetOf(
  chunks: AsyncIterable<Buffer>,
  columns: readonly ExtractColumn[],
): AsyncGenerator<Buffer> {
  const bytes = new ByteWriter();
  const file = new ParquetWriter({ writer: bytes, schema: schemaOf(columns), createdBy: 'annex-extract' });
  const taken = (): Buffer => {
    const written = Buffer.from(bytes.getBytes());
    // The writer goes on counting in `offset`; its buffer is free for the next group.
    bytes.index = 0;
    return written;
  };
  let group = emptyGroup(columns);
  const close = async (): Promise<Buffer> => {
    const columnData = columns.map(({ name }, at) => ({ name, data: group.cells[at] ?? [] }));
    await file.write({ columnData, rowGroupSize: group.rows });
    group = emptyGroup(columns);
    return taken();
  };
  for await (const { rows, bytes: text } of copyRows(chunks)) {
    for (const row of rows) addRow(group, columns, row);
    group.text += text;
    if (group.rows >= rowsInGroup || group.text >= textInGroup) yield await close();
  }
  if (group.rows > 0) yield await close();
  await file.finish();
  yield taken();
}

interface Group {
  readonly cells: readonly Cell[][];
  rows: number;
  text: number;
}

const emptyGroup = (columns: readonly ExtractColumn[]): Group => ({
  cells: columns.map(() => []),
  rows: 0,
  text: 0,
});

function addRow(group: Group, columns: readonly ExtractColumn[], row: readonly (string | null)[]): void {
  group.rows += 1;
  for (const [at, column] of columns.entries()) {
    const field = row[at] ?? null;
    group.cells[at]?.push(field === null ? null : cellOf(column, field));
  }
}

function schemaOf(columns: readonly ExtractColumn[]): SchemaElement[] {
  const leaves = columns.map(({ name, type }) => ({
    name,
    repetition_type: 'OPTIONAL' as const,
    ...physical[type],
  }));
  return [{ name: 'root', num_children: columns.length }, ...leaves];
}

function cellOf({ name, type }: ExtractColumn, field: string): Cell {
  const cell = readers[type](field);
  if (cell !== null) return cell;
  throw new ExtractFailure(`The column ${name} has a value that is not a ${type}.`);
}

const dayMs = 86_400_000;
const moment = /^(\d{4,}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(?:Z|\+00(?::?00)?)?)?$/;

/** Null for a field that is not of the type. */
const readers: Readonly<Record<ExtractColumn['type'], (field: string) => Cell>> = {
  text: (field) => field,
  int: (field) => (/^-?\d+$/.test(field) ? BigInt(field) : null),
  float: (field) => (Number.isNaN(Number(field)) && field !== 'NaN' ? null : Number(field)),
  timestamp(field) {
    const [, day, time = '00:00:00', fraction = ''] = moment.exec(field) ?? [];
    const ms = Date.parse(`${day}T${time}Z`);
    return Number.isNaN(ms) ? null : BigInt(ms) * 1000n + BigInt(fraction.padEnd(6, '0'));
  },
  date(field) {
    const [, day] = moment.exec(field) ?? [];
    const ms = Date.parse(`${day}T00:00:00Z`);
    return Number.isNaN(ms) ? null : ms / dayMs;
  },
};
