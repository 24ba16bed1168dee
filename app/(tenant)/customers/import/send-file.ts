import { problemIn } from '@/components/problem';
import { type Failure, lostAnswer } from '@/components/ui/action-form';
import { orderHeadBytes } from '@/lib/domain/crm/ports';
import { viewerField } from '@/lib/viewer';
import { type Choices, fields, formEntries } from './fields';
import type { ImportReading } from './import-reading';
import type { ImportPreview } from './preview-reading';

/** What an import would make of the first lines of `file`; without `choices` it proposes some. */
export async function fetchPreview(
  file: File,
  choices: Choices | null,
  signal: AbortSignal,
): Promise<ImportPreview | Failure> {
  try {
    const head = await file.slice(0, orderHeadBytes).arrayBuffer();
    const query = new URLSearchParams(choices ? formEntries(choices).map((entry) => [...entry]) : []);
    if (file.size <= orderHeadBytes) query.set('whole', '1');
    const answer = await fetch(`/customers/import/preview?${query}`, {
      method: 'POST',
      body: head,
      headers: { 'content-type': 'text/csv', accept: 'application/json' },
      signal,
    });
    const said: unknown = await answer.json();
    return answer.ok ? (said as ImportPreview) : failureIn(said, answer.status);
  } catch (error) {
    return isChanged(error) ? changed : lostAnswer(error);
  }
}

/**
 * How far the tenant's import is. Asked before a file is sent: the answer renews the session, which the upload cannot, and the page is
 * loaded again if somebody else is signed in.
 */
export async function fetchStatus(): Promise<ImportReading | Failure> {
  try {
    const answer = await fetch('/customers/import/status', {
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(10_000),
    });
    const said: unknown = await answer.json();
    return answer.ok ? (said as ImportReading) : failureIn(said, answer.status);
  } catch (error) {
    return lostAnswer(error);
  }
}

/** Sends `file` to be imported. Resolves with null once it is, or with why it was not. */
export async function sendFile(
  file: File,
  choices: Choices,
  viewer: string | null,
  signal: AbortSignal,
): Promise<Failure | null> {
  try {
    // A file that was changed since it was chosen cannot be read, and `fetch` would blame the network.
    await file.slice(0, 1).arrayBuffer();
    const form = new FormData();
    if (viewer !== null) form.append(viewerField, viewer);
    for (const [name, value] of formEntries(choices)) form.append(name, value);
    form.append(fields.file, file);
    const answer = await fetch('/customers/import/file', {
      method: 'POST',
      body: form,
      headers: { accept: 'application/json' },
      signal,
    });
    return answer.ok ? null : failureIn(await answer.json(), answer.status);
  } catch (error) {
    return isChanged(error) ? changed : lostAnswer(error);
  }
}

const changed: Failure = {
  code: 'changed',
  message: 'The file has changed since you chose it. Choose it again.',
};

const isChanged = (error: unknown): boolean =>
  error instanceof DOMException && (error.name === 'NotReadableError' || error.name === 'NotFoundError');

function failureIn(said: unknown, status: number): Failure {
  const problem = problemIn(said);
  return problem.message === '' ? lostAnswer(new Error(`status ${status}`)) : problem;
}
