/** Names of the partition keys of a table and of its indexes. */
export interface TableKeys {
  readonly partitionKey: string;
  readonly indexPartitionKeys: Readonly<Record<string, string>>;
}

type Input = Readonly<Record<string, unknown>>;

/** The access of a request to one table. `leadingKeys` is null when the partitions are unknown. */
export interface TableAccess {
  readonly table: string;
  readonly index: string | null;
  readonly action: string;
  readonly leadingKeys: readonly string[] | null;
}

/** Returns the key schema of a table. */
export type Schema = (table: string) => Promise<TableKeys>;

/** Every table that `input` accesses, with its partition key values: the values of `dynamodb:LeadingKeys`. */
export async function tableAccesses(
  operation: string,
  input: Input,
  schema: Schema,
): Promise<readonly TableAccess[]> {
  switch (operation) {
    case 'GetItem':
    case 'DeleteItem':
    case 'UpdateItem':
      return [await single(operation, input, 'Key', schema)];
    case 'PutItem':
      return [await single(operation, input, 'Item', schema)];
    case 'Query':
      return [await query(input, schema)];
    case 'BatchGetItem':
      return batch(operation, input, schema, (entry) => structs(struct(entry).Keys));
    case 'BatchWriteItem':
      return batch(operation, input, schema, (entry, partitionKey) =>
        structs(entry).flatMap((request) => {
          // Both, if a request has both: the engine decides which one it carries out.
          const asked = [struct(request.PutRequest).Item, struct(request.DeleteRequest).Key];
          const named = asked.filter((item) => item !== undefined && item !== null).map(struct);
          return named.length > 0 ? named : [{ [partitionKey]: null }];
        }),
      );
    default:
      return [
        { table: tableName(input), index: textOf(input.IndexName), action: operation, leadingKeys: null },
      ];
  }
}

async function single(action: string, input: Input, field: string, schema: Schema): Promise<TableAccess> {
  const table = tableName(input);
  const { partitionKey } = await schema(table);
  const key = scalar(struct(input[field])[partitionKey]);
  return { table, index: null, action, leadingKeys: key === null ? null : [key] };
}

async function batch(
  action: string,
  input: Input,
  schema: Schema,
  itemsOf: (entry: unknown, partitionKey: string) => readonly Input[],
): Promise<readonly TableAccess[]> {
  const accesses: TableAccess[] = [];
  for (const [name, entry] of Object.entries(struct(input.RequestItems))) {
    const table = shortName(name);
    const { partitionKey } = await schema(table);
    const keys = itemsOf(entry, partitionKey).map((item) => scalar(item[partitionKey]));
    const known = keys.filter((key) => key !== null);
    const whole = known.length > 0 && known.length === keys.length;
    accesses.push({ table, index: null, action, leadingKeys: whole ? [...new Set(known)] : null });
  }
  return accesses;
}

async function query(input: Input, schema: Schema): Promise<TableAccess> {
  const table = tableName(input);
  const index = textOf(input.IndexName);
  const { partitionKey, indexPartitionKeys } = await schema(table);
  const ofIndex = (name: string) =>
    Object.hasOwn(indexPartitionKeys, name) ? indexPartitionKeys[name] : undefined;
  const attribute = index === null ? partitionKey : ofIndex(index);
  const values = attribute === undefined ? null : conditionValues(input, attribute);
  return { table, index, action: 'Query', leadingKeys: values };
}

function conditionValues(input: Input, attribute: string): readonly string[] | null {
  const condition = struct(struct(input.KeyConditions)[attribute]);
  if (condition.ComparisonOperator === 'EQ' && Array.isArray(condition.AttributeValueList)) {
    const value = scalar(condition.AttributeValueList[0]);
    return value === null || input.KeyConditionExpression !== undefined ? null : [value];
  }
  const expression = textOf(input.KeyConditionExpression);
  return expression === null ? null : expressionValues(expression, input, attribute);
}

/**
 * The values to which a key condition expression compares `attribute` for equality. Null if it uses the attribute in
 * any other way. `OR` and `NOT` are not part of the grammar; with them the result is null.
 */
function expressionValues(expression: string, input: Input, attribute: string): readonly string[] | null {
  const tokens = expression.match(/[#:]?[A-Za-z0-9_.-]+|<>|<=|>=|[=<>(),]/g) ?? [];
  if (tokens.join('') !== expression.replace(/\s+/g, '')) return null;
  if (tokens.some((token) => /^(or|not)$/i.test(token))) return null;
  const names = struct(input.ExpressionAttributeNames);
  const values = struct(input.ExpressionAttributeValues);
  const found: string[] = [];
  for (const [at, token] of tokens.entries()) {
    const name = token.startsWith('#') ? names[token] : token;
    if (name !== attribute) continue;
    const placeholder = tokens[at + 2] ?? '';
    if (tokens[at + 1] !== '=' || !placeholder.startsWith(':')) return null;
    const value = scalar(Object.hasOwn(values, placeholder) ? values[placeholder] : null);
    if (value === null) return null;
    found.push(value);
  }
  return found.length === 0 ? null : found;
}

/** The name of a table, from its name or ARN. */
export function shortName(nameOrArn: string): string {
  return /^arn:aws:dynamodb:[^:]*:[^:]*:table\/([^/]+)/.exec(nameOrArn)?.[1] ?? nameOrArn;
}

const tableName = (input: Input): string => shortName(textOf(input.TableName) ?? '');
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const struct = (value: unknown): Input =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Input) : {};
const structs = (value: unknown): readonly Input[] => (Array.isArray(value) ? value.map(struct) : []);

/** The value of a string, number or binary attribute in the form of the condition key. */
function scalar(value: unknown): string | null {
  const { S, N, B } = struct(value);
  return textOf(S) ?? textOf(N) ?? textOf(B);
}
