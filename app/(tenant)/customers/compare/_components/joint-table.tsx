'use client';

import { tenthName } from '@/components/data/tenths';
import { formatCount, formatShort } from '@/components/format';

/**
 * How both models score the same customers: rows are steps of 0.1 of the built-in model, columns those of the
 * tenant's model.
 */
export function JointTable({ joint }: { readonly joint: readonly (readonly number[])[] }) {
  const most = Math.max(1, ...joint.flat());
  return (
    <section className="border border-line bg-plate px-4 py-3 sm:px-6">
      <h2 className="text-sm">Agreement between the models</h2>
      <p className="mt-1 text-xs text-muted">
        Rows: probability from the built-in model. Columns: probability from your model. On the diagonal, both
        agree.
      </p>
      <table className="figures mt-3 w-full table-fixed border-collapse text-center text-[0.6875rem] max-sm:text-[0.625rem]">
        <caption className="sr-only">
          Customers by probability from the built-in model (rows) and from your model (columns), in steps of
          0.1
        </caption>
        <thead className="text-muted">
          <tr>
            <td className="w-7" />
            {joint.map((_, column) => (
              <th key={tenthName(column)} scope="col" className="font-normal">
                <span aria-hidden="true">{column === 0 ? '0' : `.${column}`}</span>
                <span className="sr-only">Your model {tenthName(column)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {joint.map((row, index) => (
            <tr key={tenthName(index)}>
              <th scope="row" className="text-left font-normal text-muted">
                <span aria-hidden="true">{index === 0 ? '0' : `.${index}`}</span>
                <span className="sr-only">Built-in model {tenthName(index)}</span>
              </th>
              {row.map((count, column) => (
                <Count key={tenthName(column)} count={count} share={count / most} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Shaded by the square root of the count, which keeps small counts visible; the figures stand in the cells. */
function Count({ count, share }: { readonly count: number; readonly share: number }) {
  return (
    <td
      className="h-8 border border-line p-0"
      style={{
        backgroundColor: `color-mix(in oklab, var(--color-shade) ${Math.round(Math.sqrt(share) * 100)}%, var(--color-plate))`,
      }}
    >
      {count > 0 ? (
        <>
          <span className="max-sm:hidden">{formatCount(count)}</span>
          <span className="sm:hidden">{formatShort(count)}</span>
        </>
      ) : (
        <span className="text-faint">0</span>
      )}
    </td>
  );
}
