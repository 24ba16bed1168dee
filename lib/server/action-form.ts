const multipart = /^multipart\/form-data; *boundary=([-\w]{1,70})$/i;
/** What a browser writes of a field that is no file. No form of ours has a file. */
const field = /^\r\ncontent-disposition: form-data; name="[ !#-~\u0080-\u00ff]{1,400}"\r\n\r\n.*\r\n$/is;

/**
 * Whether `body` is a form of fields as browsers write it. Next's reader refuses with 500 what others read, such as an encoded
 * file or a control character in the head of a part.
 */
export function isPlainMultipart(contentType: string, body: Buffer): boolean {
  const [, boundary] = multipart.exec(contentType) ?? [];
  if (boundary === undefined) return false;
  const [before, ...parts] = body.toString('latin1').split(`--${boundary}`);
  const end = parts.pop();
  return before === '' && (end === '--\r\n' || end === '--') && parts.every((part) => field.test(part));
}

/**
 * Whether Next can decode `form` as a call of one of our actions. Its decoder answers others with 500, before any code of ours
 * runs. A page's script sends what React's `encodeReply` makes of `[null, FormData]`: the arguments in `0`, the form's fields as
 * `_1_…`. A form without JavaScript has `$ACTION_…` fields, in which React writes the action and the result of the time before.
 * `known` are the ids of the actions; if there are none, any id will do.
 */
export function isActionCall(form: FormData, byScript: boolean, known: ReadonlySet<string>): boolean {
  const fields = [...form];
  if (byScript) {
    const [root, ...others] = form.getAll('0');
    return (
      root === '[null,"$K1"]' &&
      others.length === 0 &&
      fields.every(([name]) => name === '0' || name.startsWith('_1_'))
    );
  }
  const [id = '', ...others] = idsOf(fields);
  const isKnown = id !== '' && (known.size === 0 || known.has(id));
  return isKnown && others.length === 0 && fields.every(isPartOfCall);
}

type Field = readonly [name: string, value: FormDataEntryValue];

/** The actions that a form without JavaScript calls: by their ids, or by references that say which part has the id. */
function idsOf(fields: readonly Field[]): readonly string[] {
  return fields.flatMap(([name]) => {
    const [, id] = /^\$ACTION_ID_(.*)$/s.exec(name) ?? [];
    if (id !== undefined) return [id];
    const [, number] = /^\$ACTION_REF_(.*)$/s.exec(name) ?? [];
    if (number === undefined) return [];
    const part = (of: number) =>
      fields.filter(([other]) => other === `$ACTION_${number}:${of}`).map(([, value]) => String(value));
    const [reference = '', ...others] = part(0);
    const [, of = '', bound] = /^\{"id":"([\da-f]+)","bound":(.*)\}$/.exec(reference) ?? [];
    const isWhole = others.length === 0 && part(1).length === (bound === 'null' ? 0 : 1);
    return [isWhole ? of : ''];
  });
}

function isPartOfCall([name, value]: Field): boolean {
  if (!name.startsWith('$ACTION_')) return true;
  if (typeof value !== 'string') return false;
  if (/^\$ACTION_(REF_\d{1,3}|KEY|ID_[\da-f]{1,100})$/.test(name)) return value.length <= 200;
  const [, part] = /^\$ACTION_\d{1,3}:([01])$/.exec(name) ?? [];
  if (part === undefined) return false;
  return part === '0' ? isReference(value) : isPlain(value);
}

/** `{"id":"…","bound":"$@1"}`: an action of ours, whose bound values are in part 1. */
function isReference(text: string): boolean {
  return /^\{"id":"[\da-f]{1,100}","bound":(null|"\$@1")\}$/.test(text);
}

const deepest = 10;

/** JSON in which no text has a meaning to React, but for `undefined`. */
function isPlain(text: string): boolean {
  const plain = (value: unknown, depth: number): boolean => {
    if (typeof value === 'string') return !/^\$(?!\$|undefined$)/.test(value);
    if (typeof value !== 'object' || value === null) return true;
    return depth < deepest && Object.values(value).every((each) => plain(each, depth + 1));
  };
  try {
    return text.length <= 100_000 && plain(JSON.parse(text), 0);
  } catch {
    return false;
  }
}
