import { knownFormats } from '@/lib/domain/crm/date-formats';
import { orderSeparators } from '@/lib/domain/crm/ports';
import { isoFormat, otherFormat, separatorNames, separatorWords } from '../fields';

// What the forms with and without JavaScript have in common.

export const labelStyle = 'block min-w-0 text-sm font-semibold';
export const controlStyle = 'field mt-1 block w-full font-normal';
export const noteStyle = 'mt-1 block text-xs font-normal text-muted';

/** The ways to write dates. */
export function FormatOptions({ otherWords }: { readonly otherWords: string }) {
  return (
    <>
      {knownFormats.map(({ format, words }) => (
        <option key={format} value={format || isoFormat}>
          {words}
        </option>
      ))}
      <option value={otherFormat}>{otherWords}</option>
    </>
  );
}

export function DecimalOptions() {
  return (
    <>
      <option value=".">Point: 12.50</option>
      <option value=",">Comma: 12,50</option>
    </>
  );
}

export function SeparatorOptions() {
  return orderSeparators.map((each) => (
    <option key={each} value={separatorNames[each]}>
      {separatorWords[each]}
    </option>
  ));
}
