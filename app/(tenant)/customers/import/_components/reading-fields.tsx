import { useState } from 'react';
import { decimalMarks, orderSeparators } from '@/lib/domain/crm/ports';
import { type Choices, fields, isoFormat, otherFormat, separatorNames } from '../fields';
import type { ImportPreview } from '../preview-reading';
import {
  controlStyle,
  DecimalOptions,
  FormatOptions,
  labelStyle,
  noteStyle,
  SeparatorOptions,
} from './options';

/** How dates and amounts are written, and what separates values. */
export function ReadingFields({
  choices,
  preview,
  onChange,
}: {
  readonly choices: Choices;
  readonly preview: ImportPreview;
  readonly onChange: (changed: Partial<Choices>) => void;
}) {
  const { format } = choices;
  const [isOther, setIsOther] = useState(false);
  const example = preview.lines[0]?.[preview.proposal.columns.indexOf(choices.orderedAt)];
  return (
    <fieldset>
      <legend className="text-lg font-semibold">Dates and numbers</legend>
      <div className="mt-3 grid items-start gap-x-6 gap-y-4 sm:grid-cols-2 lg:grid-cols-4">
        <div className="min-w-0 sm:col-span-2">
          <label className={labelStyle}>
            Dates are written as
            <select
              name={fields.format}
              value={format === null ? '?' : isOther ? otherFormat : format || isoFormat}
              onChange={({ target: { value } }) => {
                setIsOther(value === otherFormat);
                onChange({ format: value === otherFormat ? '%d.%m.%Y' : value === isoFormat ? '' : value });
              }}
              aria-invalid={format === null || undefined}
              aria-describedby={format === null ? 'date-choice' : undefined}
              className={controlStyle}
            >
              {format === null ? (
                <option value="?" disabled>
                  Choose a format
                </option>
              ) : null}
              <FormatOptions otherWords="Another format" />
            </select>
          </label>
          {format === null ? (
            <p id="date-choice" className="mt-1 text-sm text-failed">
              {example ? `“${example}” can be read in several ways, or in none that Annex knows.` : null}{' '}
              Annex does not guess: choose the format.
            </p>
          ) : null}
          {isOther ? (
            <label className={`${labelStyle} mt-3`}>
              Format, as for strftime
              <input
                name={fields.otherFormat}
                value={format ?? ''}
                onChange={(event) => onChange({ format: event.target.value })}
                maxLength={100}
                className={`${controlStyle} font-mono`}
              />
              <span className={noteStyle}>
                %Y year, %m month or %b (Jan), %d day, %H or %I with %p, %M, %S
              </span>
            </label>
          ) : null}
        </div>
        <label className={labelStyle}>
          Time zone
          <input
            name={fields.timeZone}
            value={choices.timeZone}
            onChange={(event) => onChange({ timeZone: event.target.value })}
            maxLength={100}
            className={controlStyle}
          />
          <span className={noteStyle}>of times without an offset, such as Europe/Berlin</span>
        </label>
        <label className={labelStyle}>
          Decimal mark
          <select
            name={fields.decimal}
            value={choices.decimal}
            onChange={({ target: { value } }) =>
              onChange({ decimal: decimalMarks.find((mark) => mark === value) ?? '.' })
            }
            className={controlStyle}
          >
            <DecimalOptions />
          </select>
        </label>
        <label className={labelStyle}>
          Values are separated by
          <select
            name={fields.separator}
            value={separatorNames[choices.separator]}
            onChange={({ target: { value } }) =>
              onChange({
                separator: orderSeparators.find((each) => separatorNames[each] === value) ?? ',',
                customerId: '',
                orderedAt: '',
                quantity: '',
                amount: '',
              })
            }
            className={controlStyle}
          >
            <SeparatorOptions />
          </select>
        </label>
        <label className="flex items-center gap-2 self-end pb-2 text-sm sm:col-span-2 lg:col-span-3">
          <input
            type="checkbox"
            name={fields.allowFuture}
            checked={choices.allowFuture}
            onChange={(event) => onChange({ allowFuture: event.target.checked })}
            className="size-4 accent-action"
          />
          Accept dates after today
        </label>
      </div>
    </fieldset>
  );
}
