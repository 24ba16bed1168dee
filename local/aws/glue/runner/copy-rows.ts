const newline = 10;

const escapes: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/**
 * Rows of COPY's text format (PostgreSQL's manual, COPY, "Text Format"): one list of fields a row, null for `\N`. Gives
 * the rows of each chunk together, with how many bytes they took.
 */
export async function* copyRows(
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<{ readonly rows: readonly (readonly (string | null)[])[]; readonly bytes: number }> {
  let rest: Buffer[] = [];
  for await (const chunk of chunks) {
    // A line feed inside a value is escaped: one in the bytes always ends a row.
    const end = chunk.lastIndexOf(newline);
    if (end < 0) {
      rest.push(chunk);
      continue;
    }
    const whole = Buffer.concat([...rest, chunk.subarray(0, end)]);
    rest = [chunk.subarray(end + 1)];
    yield { rows: whole.toString('utf8').split('\n').map(fieldsOf), bytes: whole.length };
  }
  if (rest.some(({ length }) => length > 0)) throw new Error('COPY ended in the middle of a row.');
}

function fieldsOf(line: string): (string | null)[] {
  const fields: (string | null)[] = line.split('\t');
  if (!line.includes('\\')) return fields;
  return fields.map((field) =>
    field === '\\N' || field === null
      ? null
      : field.replace(/\\(.)/gs, (_, escaped: string) => escapes[escaped] ?? escaped),
  );
}
