import { tenthName } from '@/components/data/tenths';
import { formatCount } from '@/components/format';

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
      <table className="figures mt-3 w-full table-fixed border-collapse text-center text-[0.6875rem]">
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

function Count({ count, share }: { readonly count: number; readonly share: number }) {
  return (
    <td className="h-7 border border-line p-0" title={count > 0 ? formatCount(count) : undefined}>
      <span className="relative block h-full">
        {/* The area shows the count, not colour alone; the square root keeps small counts visible. */}
        <span
          aria-hidden="true"
          className="absolute inset-x-0 bottom-0 bg-data/35"
          style={{ height: `${Math.sqrt(share) * 100}%` }}
        />
        <span className="relative flex h-full items-center justify-center max-sm:sr-only">
          {count > 0 ? formatCount(count) : <span className="text-faint">0</span>}
        </span>
      </span>
    </td>
  );
}
