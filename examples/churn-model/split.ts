import { createHash } from 'node:crypto';

/** Lines for training and lines for validation. */
export interface Split {
  readonly train: string;
  readonly validation: string;
  readonly counts: { readonly train: number; readonly validation: number };
}

/**
 * Holds out about a fifth of the lines. The choice depends only on the text of a line, so the same extract is always
 * split in the same way.
 */
export function split(csv: string): Split {
  const lines = csv.split('\n').filter((line) => line !== '');
  const kept = (line: string, at: number): boolean =>
    (createHash('sha256').update(`${at} ${line}`).digest()[0] ?? 0) < 52;
  const validation = lines.filter(kept);
  const train = lines.filter((line, at) => !kept(line, at));
  return {
    train: `${train.join('\n')}\n`,
    validation: `${validation.join('\n')}\n`,
    counts: { train: train.length, validation: validation.length },
  };
}
