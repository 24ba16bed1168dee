import { ViewerField } from '@/components/shell/viewer-context';
import { Button } from '@/components/ui/button';
import { knownFormats } from '@/lib/domain/crm/date-formats';
import { orderSeparators } from '@/lib/domain/crm/ports';
import { type Choices, fields, isoFormat, otherFormat, separatorNames, separatorWords } from '../fields';

const label = 'block min-w-0 text-sm font-semibold';
const control = 'field mt-1 block w-full font-normal';
const about = 'mt-1 block text-xs font-normal text-muted';

const columnLabels = [
  ['customerId', 'Column of the customer'],
  ['orderedAt', 'Column of the order date'],
  ['amount', 'Column of the amount'],
  ['quantity', 'Column of the quantity'],
] as const;

/**
 * The form for an import without JavaScript. The fields stand before the file, in which order they are sent: the file is read while it
 * arrives. `columns` are those of the file that was refused last.
 */
export function PlainForm({
  choices,
  columns,
  about: what,
  submitLabel,
}: {
  readonly choices: Choices;
  readonly columns: readonly string[] | null;
  readonly about: string;
  readonly submitLabel: string;
}) {
  return (
    <form action="/customers/import/file" method="post" encType="multipart/form-data" className="space-y-6">
      <ViewerField />
      <fieldset>
        <legend className="text-lg font-semibold">How the file is written</legend>
        <p className="mt-1 max-w-2xl text-sm text-muted">
          {columns
            ? `The last file has the columns ${columns.join(', ')}. Check which one holds what.`
            : 'The first line of the file names its columns. Enter the names as they stand there.'}
        </p>
        <div className="mt-3 grid items-start gap-x-6 gap-y-4 sm:grid-cols-2 lg:grid-cols-4">
          {columnLabels.map(([key, words]) => (
            <label key={key} className={label}>
              {words}
              <input
                name={fields[key]}
                defaultValue={choices[key]}
                required={key !== 'quantity'}
                maxLength={500}
                className={control}
              />
              {key === 'quantity' ? <span className={about}>Empty: one item per order</span> : null}
            </label>
          ))}
          <DateFields choices={choices} />
          <NumberFields choices={choices} />
        </div>
      </fieldset>
      <label className={label}>
        CSV file, up to 500 MB
        <input
          type="file"
          name={fields.file}
          required
          className="mt-1 block max-w-full text-sm font-normal file:mr-3 file:h-9 file:rounded-md file:border file:border-solid file:border-edge file:bg-plate file:px-3.5 file:font-medium file:text-ink"
        />
      </label>
      <div className="space-y-3">
        <p className="max-w-2xl text-sm text-muted">{what}</p>
        <Button type="submit" variant="primary">
          {submitLabel}
        </Button>
      </div>
    </form>
  );
}

function DateFields({ choices: { format, timeZone } }: { readonly choices: Choices }) {
  const isKnown = format === null || knownFormats.some((known) => known.format === format);
  return (
    <>
      <label className={`${label} sm:col-span-2`}>
        Dates are written as
        <select
          name={fields.format}
          defaultValue={format === null ? '' : isKnown ? format || isoFormat : otherFormat}
          required
          className={control}
        >
          {format === null ? <option value="">Choose a format: Annex does not guess</option> : null}
          {knownFormats.map((known) => (
            <option key={known.format} value={known.format || isoFormat}>
              {known.words}
            </option>
          ))}
          <option value={otherFormat}>Another format: enter it beside</option>
        </select>
      </label>
      <label className={label}>
        Another date format
        <input
          name={fields.otherFormat}
          defaultValue={isKnown ? '' : (format ?? '')}
          maxLength={100}
          className={control}
        />
        <span className={about}>as for strftime: %d.%m.%Y %H:%M</span>
      </label>
      <label className={label}>
        Time zone
        <input name={fields.timeZone} defaultValue={timeZone} maxLength={100} className={control} />
        <span className={about}>of times without an offset, such as Europe/Berlin</span>
      </label>
    </>
  );
}

function NumberFields({ choices: { decimal, separator, allowFuture } }: { readonly choices: Choices }) {
  return (
    <>
      <label className={label}>
        Decimal mark
        <select name={fields.decimal} defaultValue={decimal} className={control}>
          <option value=".">Point: 12.50</option>
          <option value=",">Comma: 12,50</option>
        </select>
      </label>
      <label className={label}>
        Values are separated by
        <select name={fields.separator} defaultValue={separatorNames[separator]} className={control}>
          {orderSeparators.map((each) => (
            <option key={each} value={separatorNames[each]}>
              {separatorWords[each]}
            </option>
          ))}
        </select>
      </label>
      <label className="flex items-center gap-2 self-end pb-2 text-sm">
        <input
          type="checkbox"
          name={fields.allowFuture}
          defaultChecked={allowFuture}
          className="size-4 accent-action"
        />
        Accept dates after today
      </label>
    </>
  );
}
