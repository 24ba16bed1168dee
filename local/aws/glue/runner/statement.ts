import pg from 'pg';
import { ExtractFailure } from './failure';
import type { BoundValue } from './task';

const types: Readonly<Record<BoundValue['type'], string>> = {
  text: 'text',
  int: 'bigint',
  float: 'double precision',
  timestamptz: 'timestamptz',
  date: 'date',
  bool: 'boolean',
};

/** Tokens of PostgreSQL's SQL ("SQL Syntax", 4.1) in which `$1` is no placeholder, what is refused, and the placeholder. */
const token =
  /(?<string>[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*")|(?<word>[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|(?<refused>--|\/\*|;|\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$|['"])|\$(?<index>\d+)/gs;

/**
 * `statement` with its placeholders `$1`, `$2`, … as literals of their types: `COPY` takes no parameters. Throws
 * ExtractFailure on a placeholder without a value, a comment, a dollar quote, or a second statement.
 */
export function withLiterals(statement: string, values: readonly BoundValue[]): string {
  return statement.replace(token, (matched: string, ...rest: unknown[]) => {
    const { refused, index } = rest.at(-1) as Record<'refused' | 'index', string | undefined>;
    if (refused !== undefined)
      throw new ExtractFailure(`The query contains ${refused}, which the job does not accept.`);
    if (index === undefined) return matched;
    const value = values[Number(index) - 1];
    if (!value) throw new ExtractFailure(`The query needs value ${index}, which was not provided.`);
    return literal(value);
  });
}

function literal({ type, value }: BoundValue): string {
  return `(${value === null ? 'NULL' : pg.escapeLiteral(value).trim()}::${types[type]})`;
}

/** The command that gives the rows of `select` as bytes: CSV as RFC 4180 with or without a header, or COPY's text format. */
export function copyCommand(select: string, format: 'csv' | 'xgboost' | 'parquet'): string {
  const options =
    format === 'parquet' ? 'FORMAT text' : `FORMAT csv, HEADER ${format === 'csv' ? 'true' : 'false'}`;
  return `COPY (\n${select}\n) TO STDOUT WITH (${options}, ENCODING 'UTF8')`;
}
