import {
  decimalMarks,
  type OrderReading,
  orderSeparators,
  type ReadingProposal,
} from '@/lib/domain/crm/ports';

/** Names of the form's fields. */
export const fields = {
  file: 'file',
  customerId: 'customer',
  orderedAt: 'date',
  quantity: 'quantity',
  amount: 'amount',
  separator: 'separator',
  decimal: 'decimal',
  format: 'format',
  otherFormat: 'other-format',
  timeZone: 'zone',
  allowFuture: 'future',
} as const;

/** The choice of a format that is written out. */
export const otherFormat = 'other';

/** ISO 8601 as a form's value. */
export const isoFormat = 'iso';

/** A separator as a form's value: browsers trim no tab, but people cannot see it. */
export const separatorNames = { ',': 'comma', ';': 'semicolon', '\t': 'tab' } as const;

export const separatorWords = { ',': 'Comma', ';': 'Semicolon', '\t': 'Tab' } as const;

/** What is chosen in the form. Empty: not chosen. */
export interface Choices {
  readonly customerId: string;
  readonly orderedAt: string;
  /** Empty: one item for each order. */
  readonly quantity: string;
  readonly amount: string;
  readonly separator: (typeof orderSeparators)[number];
  readonly decimal: (typeof decimalMarks)[number];
  /** Null: not chosen. Empty: ISO 8601. */
  readonly format: string | null;
  readonly timeZone: string;
  readonly allowFuture: boolean;
}

/** The columns that a file has unless somebody says otherwise. */
export const standardChoices: Choices = {
  customerId: 'customer_id',
  orderedAt: 'ordered_at',
  quantity: 'quantity',
  amount: 'amount',
  separator: ',',
  decimal: '.',
  format: '',
  timeZone: 'UTC',
  allowFuture: false,
};

/** The choices that `proposal` makes. */
export const proposedChoices = (proposal: ReadingProposal): Choices => ({
  customerId: proposal.customerId ?? '',
  orderedAt: proposal.orderedAt ?? '',
  quantity: proposal.quantity ?? '',
  amount: proposal.amount ?? '',
  separator: proposal.separator,
  decimal: proposal.decimal,
  format: proposal.format,
  timeZone: 'UTC',
  allowFuture: false,
});

/** The choices of an earlier import. */
export function choicesOf({ layout, format, timeZone, allowFuture }: OrderReading): Choices {
  return {
    ...standardChoices,
    ...(layout && { ...layout, quantity: layout.quantity ?? '' }),
    format: format ?? '',
    timeZone: timeZone ?? 'UTC',
    allowFuture: allowFuture ?? false,
  };
}

/** The choices in a form or an address. */
export function readChoices(given: { get(name: string): unknown }): Choices {
  const text = (name: string): string => {
    const value = given.get(name);
    return typeof value === 'string' ? value : '';
  };
  const separator = orderSeparators.find((each) => separatorNames[each] === text(fields.separator));
  const format = text(fields.format);
  return {
    customerId: text(fields.customerId),
    orderedAt: text(fields.orderedAt),
    quantity: text(fields.quantity),
    amount: text(fields.amount),
    separator: separator ?? ',',
    decimal: decimalMarks.find((each) => each === text(fields.decimal)) ?? '.',
    format: formatOf(format, text(fields.otherFormat)),
    timeZone: text(fields.timeZone).trim() || 'UTC',
    allowFuture: given.get(fields.allowFuture) === 'on',
  };
}

/** Null: not chosen. */
function formatOf(chosen: string, other: string): string | null {
  if (chosen === isoFormat) return '';
  return (chosen === otherFormat ? other : chosen) || null;
}

/** `choices` as the import reads them; null if something is still to be chosen. */
export function readingOfChoices(choices: Choices): OrderReading | null {
  const { customerId, orderedAt, quantity, amount, separator, decimal, format, timeZone, allowFuture } =
    choices;
  if (customerId === '' || orderedAt === '' || amount === '' || format === null) return null;
  return {
    layout: {
      customerId,
      orderedAt,
      quantity: quantity === '' ? null : quantity,
      amount,
      separator,
      decimal,
    },
    ...(format === '' ? {} : { format }),
    ...(timeZone === 'UTC' ? {} : { timeZone }),
    ...(allowFuture ? { allowFuture } : {}),
  };
}

/** `choices` in the order and with the names of the form. */
export function formEntries(choices: Choices): readonly (readonly [name: string, value: string])[] {
  const { format } = choices;
  return [
    [fields.customerId, choices.customerId],
    [fields.orderedAt, choices.orderedAt],
    [fields.quantity, choices.quantity],
    [fields.amount, choices.amount],
    [fields.separator, separatorNames[choices.separator]],
    [fields.decimal, choices.decimal],
    ...(format === null ? [] : [[fields.format, format || isoFormat] as const]),
    [fields.timeZone, choices.timeZone],
    ...(choices.allowFuture ? [[fields.allowFuture, 'on'] as const] : []),
  ];
}
