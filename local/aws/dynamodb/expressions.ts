import { AwsError } from '../core/service';

/** DynamoDB's own limit, in bytes. */
const longest = 4096;
/** Dynalite's parser takes about five times as long for each level. DynamoDB has no such limit, but refuses redundant parentheses. */
const deepest = 4;

const named = [
  'ConditionExpression',
  'FilterExpression',
  'KeyConditionExpression',
  'ProjectionExpression',
  'UpdateExpression',
];

/** Throws ValidationException for an expression that would keep the engine, and everybody who uses it, busy. */
export function checkExpressions(input: Readonly<Record<string, unknown>>): void {
  // BatchGetItem has a projection for each table.
  for (const ofTable of Object.values(Object(input.RequestItems))) checkExpressions(Object(ofTable));
  for (const name of named) {
    const expression = input[name];
    if (typeof expression !== 'string') continue;
    if (Buffer.byteLength(expression) > longest) {
      throw invalid(
        `Invalid ${name}: Expression size has exceeded the maximum allowed size; expression size: ${Buffer.byteLength(expression)}`,
      );
    }
    if (depthOf(expression) > deepest) {
      throw invalid(
        `Invalid ${name}: parentheses that are nested more than ${deepest} levels deep are not supported here.`,
      );
    }
  }
}

/** How deeply parentheses are nested. Expressions have no literals that could hold one. */
function depthOf(expression: string): number {
  let depth = 0;
  let most = 0;
  for (const character of expression) {
    if (character === '(') {
      depth += 1;
      most = Math.max(most, depth);
    }
    if (character === ')') depth = Math.max(0, depth - 1);
  }
  return most;
}

const invalid = (message: string): AwsError => new AwsError('ValidationException', message);
