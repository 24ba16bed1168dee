import { type ColumnType, type Mask, masks, type OutputMask } from './ports';

/** How a mask transforms values of a type. */
interface Masking {
  readonly type: ColumnType;
  /** `value` is an SQL expression of the column's type. Where there is no tenant, `hashOf` stands in for the tenant's hash. */
  sql(value: string, hashOf?: (text: string) => string): string;
}

const asIs = (type: ColumnType): Masking => ({ type, sql: (value) => value });

/** The salt is per tenant and stays in the database: migration `extracts`. */
const hash: Masking = {
  type: 'text',
  sql: (value, hashOf = (text) => `crm.salted_hash(${text})`) => hashOf(`(${value})::text`),
};

/** Keeps the domain of an e-mail address, and the first character when at least four others remain to guess. */
const partialText: Masking = {
  type: 'text',
  sql: (value) =>
    `CASE WHEN char_length(split_part(${value}, '@', 1)) >= 4 THEN left(${value}, 1) ELSE '' END || '***'` +
    ` || coalesce(substring(${value} FROM '@[^@]*$'), '')`,
};

/** Null: the mask does not apply to the type. */
const maskings: Readonly<Record<ColumnType, Readonly<Record<OutputMask, Masking | null>>>> = {
  text: {
    none: asIs('text'),
    redact: { type: 'text', sql: () => `'[redacted]'::text` },
    hash,
    partial: partialText,
    generalize: {
      type: 'text',
      sql: (value) => `coalesce('*' || substring(${value} FROM '@[^@]*$'), left(${value}, 1) || '*')`,
    },
  },
  int: number('int', 'integer'),
  float: number('float', 'double precision'),
  timestamp: {
    none: asIs('timestamp'),
    redact: nothing('timestamp', 'timestamptz'),
    hash: null,
    partial: null,
    generalize: { type: 'timestamp', sql: (value) => `date_trunc('month', ${value}, 'UTC')` },
  },
  date: {
    none: asIs('date'),
    redact: nothing('date', 'date'),
    hash: null,
    partial: null,
    generalize: { type: 'date', sql: (value) => `date_trunc('month', (${value})::timestamp)::date` },
  },
};

function number(type: 'int' | 'float', sqlType: string): Record<OutputMask, Masking | null> {
  return {
    none: asIs(type),
    redact: nothing(type, sqlType),
    hash,
    partial: null,
    generalize: { type, sql: (value) => `(floor(${value} / 10.0) * 10)::${sqlType}` },
  };
}

function nothing(type: ColumnType, sqlType: string): Masking {
  return { type, sql: () => `NULL::${sqlType}` };
}

/** Null for `drop` and for a mask that does not apply to the type: such a column is left out. */
export function maskingOf(type: ColumnType, mask: Mask): Masking | null {
  return mask !== 'drop' && Object.hasOwn(maskings[type], mask) ? maskings[type][mask] : null;
}

/** The masks that apply to the type, `drop` among them. */
export const masksFor = (type: ColumnType): readonly Mask[] =>
  masks.filter((mask) => mask === 'drop' || maskingOf(type, mask) !== null);
