'use client';

import { Cell, DataTable, RowHead } from '@/components/data/table';
import { maskWords, typeWords } from '@/components/extract-words';
import type { OutputColumn } from '@/lib/domain/extracts/ports';

/** The columns of the file, as the policy let them out. */
export function Columns({
  columns,
}: {
  readonly columns: readonly (OutputColumn & { readonly meaning: string })[];
}) {
  return (
    <DataTable
      label="Columns"
      columns={[{ label: 'Column' }, { label: 'Output' }, { label: 'Type' }, { label: 'Meaning' }]}
    >
      {columns.map(({ name, type, mask, meaning }) => (
        <tr key={name}>
          <RowHead>
            <code className="font-mono">{name}</code>
          </RowHead>
          <Cell>{maskWords[mask]}</Cell>
          <Cell>{typeWords[type]}</Cell>
          <Cell>{meaning}</Cell>
        </tr>
      ))}
    </DataTable>
  );
}
