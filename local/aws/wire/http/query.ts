import { AwsError } from '@/local/aws/core/service';
import { element } from './xml';

const maxParameters = 5000;
const maxDepth = 12;

type Node = Map<string, Node | string>;

/**
 * The parameters of the AWS Query protocol as nested objects: `Tags.member.1.Key=a` becomes `{Tags: [{Key: 'a'}]}`.
 * Throws MalformedQueryString.
 */
export function parseQuery(parameters: URLSearchParams): Record<string, unknown> {
  const root: Node = new Map();
  let count = 0;
  for (const [name, value] of parameters) {
    count += 1;
    if (count > maxParameters) throw malformed('it has too many parameters');
    insert(root, name.split('.'), value);
  }
  return plain(root) as Record<string, unknown>;
}

function insert(root: Node, path: readonly string[], value: string): void {
  if (path.length > maxDepth) throw malformed('a parameter is nested too deep');
  let node = root;
  for (const piece of path.slice(0, -1)) {
    const next = node.get(piece) ?? new Map();
    if (typeof next === 'string') throw malformed(`${path.join('.')} is both a value and a structure`);
    node.set(piece, next);
    node = next;
  }
  const last = path.at(-1) ?? '';
  if (node.get(last) instanceof Map) throw malformed(`${path.join('.')} is both a value and a structure`);
  node.set(last, value);
}

function plain(node: Node | string): unknown {
  if (typeof node === 'string') return node;
  const names = [...node.keys()];
  if (names.length > 0 && names.every((name) => /^\d{1,6}$/.test(name))) {
    return [...node].sort(([a], [b]) => Number(a) - Number(b)).map(([, value]) => plain(value));
  }
  const list = node.get('member');
  if (names.length === 1 && list instanceof Map) {
    const items = plain(list);
    if (Array.isArray(items)) return items;
  }
  return Object.fromEntries([...node].map(([name, value]) => [name, plain(value)]));
}

const malformed = (why: string): AwsError =>
  new AwsError('MalformedQueryString', `The query string is malformed: ${why}.`);

/** The response of a Query operation. Lists are repeated elements when `flat`, otherwise `member` elements. */
export function queryAnswer(
  operation: string,
  namespace: string,
  output: unknown,
  requestId: string,
  flat = false,
): string {
  const result = element(`${operation}Result`, output ?? {}, flat ? {} : { item: 'member' });
  const metadata = element('ResponseMetadata', { RequestId: requestId });
  return `<${operation}Response xmlns="${namespace}">${result}${metadata}</${operation}Response>`;
}

/** An error in the form of the Query protocol. */
export function queryError(error: AwsError, namespace: string, requestId: string): string {
  const body = element('Error', {
    Type: error.status >= 500 ? 'Receiver' : 'Sender',
    Code: error.code,
    Message: error.message,
  });
  return `<ErrorResponse xmlns="${namespace}">${body}${element('RequestId', requestId)}</ErrorResponse>`;
}
