import { shortName } from './leading-keys';

type Document = Readonly<Record<string, unknown>>;

const isDocument = (value: unknown): value is Document =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The engine knows tables by name. Clients of another account send ARNs. */
export function withShortNames(input: Document): Document {
  const { TableName: name, RequestItems: items } = input;
  return {
    ...input,
    ...(typeof name === 'string' ? { TableName: shortName(name) } : {}),
    ...(isDocument(items) ? { RequestItems: renamed(items, shortName) } : {}),
  };
}

const byTable = ['Responses', 'UnprocessedKeys', 'UnprocessedItems', 'ItemCollectionMetrics'] as const;

/** The answer to a batch names each table as `input` did, by its ARN or by its name. */
export function withAskedNames(input: Document, answer: Record<string, unknown>): Record<string, unknown> {
  if (!isDocument(input.RequestItems)) return answer;
  const asked = new Map(Object.keys(input.RequestItems).map((name) => [shortName(name), name]));
  const nameOf = (table: string) => asked.get(table) ?? table;
  const parts = byTable.flatMap((name) => {
    const part = answer[name];
    return isDocument(part) ? [[name, renamed(part, nameOf)] as const] : [];
  });
  return { ...answer, ...Object.fromEntries(parts) };
}

const renamed = (document: Document, nameOf: (name: string) => string): Document =>
  Object.fromEntries(Object.entries(document).map(([name, value]) => [nameOf(name), value]));
