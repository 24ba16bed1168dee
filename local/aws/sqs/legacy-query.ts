import { AwsError, type LegacyQuery } from '../core/service';

type Input = Readonly<Record<string, unknown>>;

const numbers = ['DelaySeconds', 'MaxNumberOfMessages', 'MaxResults', 'VisibilityTimeout', 'WaitTimeSeconds'];

/** JSON's names of the lists that the Query protocol sends as numbered parameters. */
const lists: Readonly<Record<string, string>> = {
  AttributeName: 'AttributeNames',
  MessageAttributeName: 'MessageAttributeNames',
  MessageSystemAttributeName: 'MessageSystemAttributeNames',
  SendMessageBatchRequestEntry: 'Entries',
  DeleteMessageBatchRequestEntry: 'Entries',
  ChangeMessageVisibilityBatchRequestEntry: 'Entries',
};

/**
 * SQS's Query protocol, used by botocore until 1.31.80 and the tools that bundle it. The operations are the same as in
 * JSON. Source: the SQS service description, 2012-11-05.
 */
export const sqsLegacyQuery: LegacyQuery = {
  namespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
  input,
  output,
};

function input(parameters: Input): Record<string, unknown> {
  const json: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(parameters)) {
    if (name === 'Attribute') json.Attributes = pairs(value);
    else if (name === 'MessageAttribute') json.MessageAttributes = pairs(value);
    else if (Object.hasOwn(lists, name)) json[lists[name] ?? name] = entries(value);
    else if (numbers.includes(name)) json[name] = Number(value);
    else json[name] = value;
  }
  return json;
}

/** The entries of a batch have the form of single requests; their names stay. */
function entries(value: unknown): unknown[] {
  const list = Array.isArray(value) ? value : [];
  return list.map((entry) => (typeof entry === 'object' && entry !== null ? input(entry as Input) : entry));
}

function pairs(value: unknown): Record<string, unknown> {
  if (!Array.isArray(value))
    throw new AwsError('InvalidParameterValue', 'Attributes are numbered Name and Value.');
  return Object.fromEntries(value.map((pair: Input) => [String(pair?.Name), pair?.Value]));
}

function output(operation: string, answer: unknown): object {
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(Object(answer) as Input)) {
    if (name === 'Messages') result.Message = (value as Input[]).map(message);
    else if (name === 'Attributes') result.Attribute = named(value);
    else if (name === 'QueueUrls' || name === 'queueUrls') result.QueueUrl = value;
    else if (name === 'Successful') result[`${operation}ResultEntry`] = value;
    else if (name === 'Failed') result.BatchResultErrorEntry = value;
    else if (name === 'Results') result[`${operation}ResultEntry`] = value;
    else result[name] = value;
  }
  return result;
}

function message(given: Input): object {
  const { Attributes, MessageAttributes, ...rest } = given;
  return { ...rest, Attribute: named(Attributes), MessageAttribute: named(MessageAttributes) };
}

const named = (map: unknown): object[] =>
  Object.entries(Object(map ?? {}) as Input).map(([Name, Value]) => ({ Name, Value }));
