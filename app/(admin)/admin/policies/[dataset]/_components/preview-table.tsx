'use client';

import { Cell, DataTable } from '@/components/data/table';
import { maskWords } from '@/components/extract-words';
import type { PolicyPreview } from '@/lib/domain/policies/verbs/preview-policy';
import { maskFieldId } from '../../fields';

/** Generated rows before and after the masks; each heading leads to the field that chooses the column's mask. */
export function PreviewTable({ columns, rows }: Pick<PolicyPreview, 'columns' | 'rows'>) {
  return (
    <DataTable
      label="Generated rows"
      columns={columns.map(({ name, output }) => ({
        label: name,
        head: (
          <a href={`#${maskFieldId(name)}`} className="hover:underline">
            <span className="block font-mono">{name}</span>
            <span className="block text-xs font-normal">{output ? maskWords[output.mask] : 'Left out'}</span>
          </a>
        ),
      }))}
    >
      {rows
        .map((row, number) => ({ number, row }))
        .map(({ number, row }) => (
          <tr key={number}>
            {columns.map(({ name, output }, index) => (
              <Cell key={name}>
                <div>
                  <Value value={row[index]?.before ?? null} isFaint={output?.mask !== 'none'} />
                  {output === null ? <span className="block text-xs text-muted">left out</span> : null}
                  {output === null || output.mask === 'none' ? null : (
                    <Value value={row[index]?.after ?? null} isFaint={false} />
                  )}
                </div>
              </Cell>
            ))}
          </tr>
        ))}
    </DataTable>
  );
}

function Value({ value, isFaint }: { readonly value: string | null; readonly isFaint: boolean }) {
  return (
    <span
      className={`block max-w-48 truncate font-mono text-xs ${isFaint ? 'text-muted' : 'font-semibold'}`}
      title={value ?? undefined}
    >
      {value ?? '(empty)'}
    </span>
  );
}
