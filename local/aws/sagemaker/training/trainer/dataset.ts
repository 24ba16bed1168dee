import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { seededRandom } from '@/lib/domain/churn/fixtures/simulate';
import { counted } from '@/lib/domain/in-words';

/** Rows with labels, stored by column. */
export interface Dataset {
  readonly rows: number;
  /** 0 or 1. */
  readonly labels: Float32Array;
  /** One array per feature; NaN is a missing value. */
  readonly features: readonly Float32Array[];
}

/** A fault in the customer's data or hyperparameters. Its message becomes the FailureReason. */
export class ClientError extends Error {}

/** What this trainer holds in memory at most, in place of the memory of an instance. */
const maxColumns = 5000;
const maxValues = 250_000_000;

/** A growing column. */
class Column {
  private values = new Float32Array(64);
  private length = 0;

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = new Float32Array(this.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length] = value;
    this.length += 1;
  }

  take(): Float32Array {
    return this.values.subarray(0, this.length);
  }
}

/**
 * Reads all files of a channel in SageMaker's CSV format for training: no header, label first. Throws ClientError that
 * names the first bad line.
 */
export async function readChannel(dir: string, channel: string): Promise<Dataset> {
  const columns: Column[] = [];
  let rows = 0;
  for (const file of await filesOf(dir)) {
    let number = 0;
    for await (const line of createInterface({
      input: createReadStream(join(dir, file)),
      crlfDelay: Infinity,
    })) {
      number += 1;
      if (line === '') continue;
      const problem = addLine(columns, line, rows);
      if (problem) throw new ClientError(`${channel}/${file} line ${number}: ${problem}`);
      rows += 1;
      if (rows * columns.length > maxValues)
        throw new ClientError(`The channel ${channel} has more than ${maxValues} values.`);
    }
  }
  if (rows === 0) throw new ClientError(`The channel ${channel} has no rows.`);
  const [labels, ...features] = columns.map((column) => column.take());
  return { rows, labels: labels ?? new Float32Array(), features };
}

async function filesOf(dir: string): Promise<readonly string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => join(entry.parentPath, entry.name).slice(dir.length + 1))
    .sort();
}

/** Adds a line. Returns null, or what is wrong with the line. */
function addLine(columns: Column[], line: string, row: number): string | null {
  const cells = line.split(',');
  if (cells.length > maxColumns) return `there are ${cells.length} values, more than ${maxColumns}.`;
  if (row === 0) for (const _ of cells) columns.push(new Column());
  if (cells.length !== columns.length) {
    return `the line has ${counted(cells.length, 'value')}, the first one ${columns.length}.`;
  }
  if (cells.length < 2)
    return 'there is no feature; the layout is the label, then the features, with commas between.';
  for (const [index, cell] of cells.entries()) {
    const text = cell.trim();
    const value = text === '' ? Number.NaN : Number(text);
    if (Number.isNaN(value) && (text !== '' || index === 0)) return badCell(index, text, row);
    if (index === 0 && value !== 0 && value !== 1) return `the label ${text} is neither 0 nor 1.`;
    if (!Number.isNaN(value) && !Number.isFinite(Math.fround(value))) return `${text} is too large a number.`;
    columns[index]?.push(value);
  }
  return null;
}

function badCell(index: number, text: string, row: number): string {
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  const hint = row === 0 ? ' The file must be CSV without a header.' : '';
  if (index === 0 && text === '') return `the label, which comes first, is missing.${hint}`;
  return `'${shown}' in column ${index + 1} is not a number.${hint}`;
}

/** The rows in `picked`, in that order. */
function pick(data: Dataset, picked: Uint32Array): Dataset {
  const take = (column: Float32Array) => Float32Array.from(picked, (row) => column[row] ?? Number.NaN);
  return { rows: picked.length, labels: take(data.labels), features: data.features.map(take) };
}

/** Holds out a fifth of the rows for validation. The same seed and number of rows give the same ones. */
export function holdOut(
  data: Dataset,
  seed: number,
): { readonly train: Dataset; readonly validation: Dataset } {
  const random = seededRandom(seed);
  const inValidation = Array.from({ length: data.rows }, () => random() < 0.2);
  const rowsWhere = (wanted: boolean) =>
    Uint32Array.from(inValidation.flatMap((value, row) => (value === wanted ? [row] : [])));
  return { train: pick(data, rowsWhere(false)), validation: pick(data, rowsWhere(true)) };
}
