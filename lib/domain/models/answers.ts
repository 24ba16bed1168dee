import { AnnexError } from '@/lib/errors';
import type { ContentType, EndpointAnswer } from './ports';

/** The body of a request for `rows` of the eight features in the interface's order. */
export function requestBody(contentType: ContentType, rows: readonly (readonly number[])[]): string {
  return contentType === 'text/csv'
    ? rows.map((row) => row.join(',')).join('\n')
    : JSON.stringify({ instances: rows.map((features) => ({ features })) });
}

/**
 * The probabilities that `answer` gives for `count` rows, in their order. A model is a stranger's: anything but exactly
 * `count` finite numbers in [0, 1] in the expected format throws `dependency_failed` with a sentence that says what came.
 */
export function probabilitiesOf(answer: EndpointAnswer, contentType: ContentType, count: number): number[] {
  void contentType;
  void count;
  throw new AnnexError('dependency_failed', `The model answered ${answer.status}.`);
}
