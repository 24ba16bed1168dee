/** What a script may send to a server action in place of the form of its page. */
export interface GarbledForm {
  readonly contentType: string;
  readonly body: Buffer;
  /** What it is, for the message of a test. */
  readonly what: string;
}

/** Mulberry32: numbers from 0 to 1 that a seed repeats. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const boundary = 'annex-garbled-form';
const root = '[null,"$K1"]';

const fieldNames = [
  'endpoint version requestId attempt variantId viewer dataset columns request format cursor organisation id code',
  '__proto__ constructor prototype toString hasOwnProperty then length 0 1 $ACTION_ID_x $ACTION_KEY',
]
  .join(' ')
  .split(' ');

const texts: readonly string[] = [
  '',
  ' ',
  '0',
  '-1',
  '1e999',
  'NaN',
  '0x10',
  '99999999999999999999',
  'null',
  'undefined',
  'true',
  '[]',
  '{}',
  '[object Object]',
  '{"__proto__":{"roles":["admin"]}}',
  '__proto__',
  'constructor',
  '$K1',
  '$@0',
  '$undefined',
  '$1:constructor:constructor',
  "'; drop table tenant; --",
  `$\{7*7}`,
  '<script>alert(1)</script>',
  '../../etc/passwd',
  '%00',
  '\u0000',
  'a\u0000b',
  '\ufeff',
  '\u202e',
  '😀'.repeat(50),
  'é\u0301',
  '\r\nset-cookie: a=b',
  'x'.repeat(5_000),
];

const rawBytes: readonly Buffer[] = [
  Buffer.from([0xed, 0xa0, 0x80]),
  Buffer.from([0xff, 0xfe, 0x00, 0xd8]),
  Buffer.from([0xc3]),
  Buffer.from([0, 0, 0, 0]),
];

const roots: readonly string[] = [
  '',
  'null',
  '[]',
  '{}',
  '"$K1"',
  '[null]',
  '[null,null]',
  '[null,"$K1","$K1"]',
  '[null,"$K2"]',
  '[null,"$F1"]',
  '[null,"$@1"]',
  '[null,"$n1"]',
  '[null,"$D2024-01-01"]',
  '[null,"$Q1"]',
  '[null,"$W1"]',
  '[null,"$i1"]',
  '[null,"$R1"]',
  '[null,"$B1"]',
  '["$K1","$K1"]',
  '[null,"$0:__proto__"]',
  '[null,"\\ud800"]',
  '[null,"$K1"',
  '['.repeat(10_000),
  `[null,${'{"a":'.repeat(500)}1${'}'.repeat(500)}]`,
];

/**
 * `count` bodies that no page of Annex sends: wrong and missing fields, wrong types, files in place of text, texts that mean
 * something to a parser, fields twice, and forms that are none. The same seed gives the same bodies.
 */
export function* garbledForms(seed: number, count: number): Generator<GarbledForm> {
  const random = randomFrom(seed);
  const one = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  const chance = (share: number) => random() < share;

  /** Whether this form keeps the shape of one, so that its values reach the action. */
  let whole = false;
  const disposition = (name: string) => {
    const file = !whole && chance(0.15) ? `; filename="${one(['x', '', '../x', '\u0001', 'x.csv'])}"` : '';
    return `content-disposition: form-data; name="${name}"${file}`;
  };
  const headers = (name: string) => [
    disposition(name),
    ...(chance(0.1)
      ? [`content-type: ${one(['application/json', 'text/plain; charset=utf-16', 'x', ''])}`]
      : []),
    ...(!whole && chance(0.1)
      ? [`content-transfer-encoding: ${one(['base64', 'quoted-printable', '8bit'])}`]
      : []),
  ];
  const value = (): Buffer => (chance(0.15) ? one(rawBytes) : Buffer.from(one(texts)));
  const part = (name: string, content: Buffer) =>
    Buffer.concat([
      Buffer.from(`--${boundary}\r\n${headers(name).join('\r\n')}\r\n\r\n`),
      content,
      Buffer.from('\r\n'),
    ]);
  const rootPart = (text: string) =>
    Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="0"\r\n\r\n${text}\r\n`);

  for (let at = 0; at < count; at += 1) {
    whole = chance(0.6);
    const fields = Array.from({ length: Math.floor(random() * 6) }, () => {
      const prefix = whole || chance(0.85) ? '_1_' : one(['', '_0_', '_2_', '1_', '_1', '1:', '$']);
      return part(prefix + one(fieldNames), value());
    });
    const text = whole || chance(0.6) ? root : one(roots);
    const parts = chance(0.5) ? [...fields, rootPart(text)] : [rootPart(text), ...fields];
    if (!whole && chance(0.05)) parts.push(rootPart(text));
    if (!whole && chance(0.05)) parts.shift();
    const end =
      whole || chance(0.95) ? `--${boundary}--\r\n` : one(['', '--', `--${boundary}`, `\r\n--${boundary}--`]);
    let body = Buffer.concat([...parts, Buffer.from(end)]);
    if (!whole && chance(0.05)) body = body.subarray(0, Math.floor(random() * body.length));
    if (!whole && chance(0.05) && body.length > 0)
      body[Math.floor(random() * body.length)] = Math.floor(random() * 256);
    const contentType =
      whole || chance(0.92)
        ? `multipart/form-data; boundary=${boundary}`
        : one([
            'multipart/form-data',
            'multipart/form-data; boundary=',
            `Multipart/Form-Data; Boundary="${boundary}"`,
            `multipart/form-data; boundary=${boundary}; charset=utf-7`,
            'application/x-www-form-urlencoded',
            'text/plain;charset=UTF-8',
            'application/json',
            'text/x-component',
          ]);
    yield {
      contentType,
      body,
      what: `${seed}/${at} ${contentType} ${JSON.stringify(body.toString('latin1').slice(0, 600))}`,
    };
  }
}
