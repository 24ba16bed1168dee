import { maskWords } from '@/components/extract-words';
import { formatCount } from '@/components/format';
import type { Mask } from '@/lib/domain/extracts/ports';
import type { PolicyDifferences } from '@/lib/domain/policies/differences';
import type { WordedChange } from '../../../_components/change-list';

/** A mask in words; null: nobody has decided about the column. */
const decisionWords = (mask: Mask | null): string => (mask === null ? 'Not decided: out' : maskWords[mask]);

const limitWords = (rowLimit: number | null): string => (rowLimit === null ? 'none' : formatCount(rowLimit));

/** Each difference in words. */
export const changesIn = ({ columns, rowLimit }: PolicyDifferences): readonly WordedChange[] => [
  ...columns.map(({ name, from, to }) => ({
    what: name,
    from: decisionWords(from),
    to: decisionWords(to),
  })),
  ...(rowLimit ? [{ what: 'Row limit', from: limitWords(rowLimit.from), to: limitWords(rowLimit.to) }] : []),
];
