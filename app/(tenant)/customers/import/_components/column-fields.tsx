import type { Choices } from '../fields';
import { fields } from '../fields';
import type { ImportPreview } from '../preview-reading';

/** What an order file has to tell of each order, and what it may. */
export const orderColumns = [
  ['customerId', 'Customer', 'your own id for the customer'],
  ['orderedAt', 'Order date', 'the day or the time of the order'],
  ['amount', 'Amount', 'the order total; negative for a refund'],
  ['quantity', 'Quantity', 'the number of items; may be missing'],
] as const;

/** Which column of the file holds what, with the first values of each. */
export function ColumnFields({
  choices,
  preview: { proposal, lines },
  onChange,
}: {
  readonly choices: Choices;
  readonly preview: ImportPreview;
  readonly onChange: (changed: Partial<Choices>) => void;
}) {
  const names = [...new Set(proposal.columns)].filter((name) => name !== '');
  const valuesOf = (name: string) => {
    const at = proposal.columns.indexOf(name);
    return lines.slice(0, 3).map((line) => line[at] ?? '');
  };
  return (
    <fieldset>
      <legend className="text-lg font-semibold">Columns</legend>
      <div className="mt-3 grid gap-x-6 gap-y-4 sm:grid-cols-2 lg:grid-cols-4">
        {orderColumns.map(([key, label, meaning]) => {
          const value = choices[key];
          const isMissing = value === '' && key !== 'quantity';
          return (
            <div key={key} className="min-w-0">
              <label className="block text-sm font-semibold">
                {label}
                <span className="block text-xs font-normal text-muted">{meaning}</span>
                <select
                  name={fields[key]}
                  value={value}
                  onChange={(event) => onChange({ [key]: event.target.value })}
                  aria-invalid={isMissing || undefined}
                  className="field mt-1 block w-full font-normal"
                >
                  <option value="" disabled={key !== 'quantity'}>
                    {key === 'quantity' ? 'None: one item per order' : 'Choose a column'}
                  </option>
                  {names.map((name) => (
                    <option key={name} value={name}>
                      {name}
                    </option>
                  ))}
                </select>
              </label>
              <p className="mt-1 truncate font-mono text-xs text-muted" aria-hidden={value === ''}>
                {value === '' ? '\u00a0' : `${valuesOf(value).join(' · ')}`}
              </p>
            </div>
          );
        })}
      </div>
    </fieldset>
  );
}
