import { formatBytes } from '@/components/format';
import { ViewerField } from '@/components/shell/viewer-context';
import { Button } from '@/components/ui/button';
import { knownFormats } from '@/lib/domain/crm/date-formats';
import { longestOrderFile } from '@/lib/domain/crm/ports';
import { type Choices, fields, isoFormat, otherFormat, separatorNames } from '../fields';
import {
  controlStyle,
  DecimalOptions,
  FormatOptions,
  labelStyle,
  noteStyle,
  SeparatorOptions,
} from './options';

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
  about,
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
            <label key={key} className={labelStyle}>
              {words}
              <input
                name={fields[key]}
                defaultValue={choices[key]}
                required={key !== 'quantity'}
                maxLength={500}
                className={controlStyle}
              />
              {key === 'quantity' ? <span className={noteStyle}>Empty: one item per order</span> : null}
            </label>
          ))}
          <DateFields choices={choices} />
          <NumberFields choices={choices} />
        </div>
      </fieldset>
      <label className={labelStyle}>
        CSV file, up to {formatBytes(longestOrderFile)}
        <input
          type="file"
          name={fields.file}
          required
          className="mt-1 block max-w-full text-sm font-normal file:mr-3 file:h-9 file:rounded-md file:border file:border-solid file:border-edge file:bg-plate file:px-3.5 file:font-medium file:text-ink"
        />
      </label>
      <div className="space-y-3">
        <p className="max-w-2xl text-sm text-muted">{about}</p>
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
      <label className={`${labelStyle} sm:col-span-2`}>
        Dates are written as
        <select
          name={fields.format}
          defaultValue={format === null ? '' : isKnown ? format || isoFormat : otherFormat}
          required
          className={controlStyle}
        >
          {format === null ? <option value="">Choose a format: Annex does not guess</option> : null}
          <FormatOptions otherWords="Another format: enter it beside" />
        </select>
      </label>
      <label className={labelStyle}>
        Another date format
        <input
          name={fields.otherFormat}
          defaultValue={isKnown ? '' : (format ?? '')}
          maxLength={100}
          className={controlStyle}
        />
        <span className={noteStyle}>as for strftime: %d.%m.%Y %H:%M</span>
      </label>
      <label className={labelStyle}>
        Time zone
        <input name={fields.timeZone} defaultValue={timeZone} maxLength={100} className={controlStyle} />
        <span className={noteStyle}>of times without an offset, such as Europe/Berlin</span>
      </label>
    </>
  );
}

function NumberFields({ choices: { decimal, separator, allowFuture } }: { readonly choices: Choices }) {
  return (
    <>
      <label className={labelStyle}>
        Decimal mark
        <select name={fields.decimal} defaultValue={decimal} className={controlStyle}>
          <DecimalOptions />
        </select>
      </label>
      <label className={labelStyle}>
        Values are separated by
        <select name={fields.separator} defaultValue={separatorNames[separator]} className={controlStyle}>
          <SeparatorOptions />
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
