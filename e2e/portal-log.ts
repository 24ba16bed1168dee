import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { journeyStack as stack } from './stack';

/** Lines that the portal has written. */
export const portalLog = async (): Promise<readonly string[]> =>
  (await readFile(join(stack.stateDir, 'logs', 'portal.log'), 'utf8')).split('\n');

/** Lines of the portal's log about failures of these requests, by their `x-request-id`. */
export async function errorsOf(requestIds: Iterable<string>): Promise<readonly string[]> {
  const ids = [...requestIds];
  const failures = (await portalLog()).filter((line) => line.includes('"level":50'));
  return failures.filter((line) => ids.some((id) => line.includes(id)));
}
