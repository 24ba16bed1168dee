import { problemIn } from '@/components/problem';
import { type Failure, lostAnswer } from '@/components/ui/action-form';

/** Posts the form's `body` to `href`. Resolves with where to go on, or why nothing was done. */
export async function send(
  href: string,
  body: URLSearchParams,
): Promise<{ readonly href: string } | Failure> {
  try {
    const answer = await fetch(href, { method: 'POST', body, headers: { accept: 'application/json' } });
    const said: unknown = await answer.json();
    if (answer.ok && isPlace(said)) return said;
    const problem = problemIn(said);
    return problem.message === '' ? lostAnswer(new Error(`status ${answer.status}`)) : problem;
  } catch (error) {
    return lostAnswer(error);
  }
}

const isPlace = (said: unknown): said is { readonly href: string } =>
  typeof said === 'object' && said !== null && 'href' in said && typeof said.href === 'string';
