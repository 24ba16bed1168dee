'use client';

import { Cell, DataTable, Unknown } from '@/components/data/table';
import type { ExtractPreview } from '@/lib/domain/extracts/verbs/preview-extract';
import { columnFieldId } from '../draft';

/** The first rows of the file; each heading leads to the field that chooses its column. */
export function PreviewTable({ columns, rows }: Pick<ExtractPreview, 'columns' | 'rows'>) {
  return (
    <DataTable
      label="Preview"
      columns={columns.map(({ name, type }) => ({
        label: name,
        numeric: type === 'int' || type === 'float',
        head: (
          <a href={`#${columnFieldId(name)}`} className="font-mono hover:underline">
            {name}
          </a>
        ),
      }))}
    >
      {numbered(rows).map(({ number, row }) => (
        <PreviewRow key={number} columns={columns} row={row} />
      ))}
    </DataTable>
  );
}

function PreviewRow({
  columns,
  row,
}: {
  readonly columns: ExtractPreview['columns'];
  readonly row: ExtractPreview['rows'][number];
}) {
  return (
    <tr>
      {columns.map(({ name, type }, index) => {
        const value = row[index] ?? null;
        return (
          <Cell key={name} numeric={type === 'int' || type === 'float'}>
            {value === null ? (
              <Unknown why="Empty" />
            ) : (
              <span className="block max-w-80 truncate font-mono text-xs" title={value}>
                {value}
              </span>
            )}
          </Cell>
        );
      })}
    </tr>
  );
}

/** Rows can be identical, so their position identifies them. */
const numbered = (rows: ExtractPreview['rows']) => rows.map((row, index) => ({ number: index + 1, row }));
