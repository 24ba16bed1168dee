import { formatAge, formatUnits, formatUsd } from '@/components/format';
import type { Tone } from '@/components/ui/tones';
import { monthInWords } from '@/lib/domain/month';
import { isStopping, type Rate, runRate } from '@/lib/domain/running/cost';
import type { WhyUp } from '@/lib/domain/running/idle';
import type { IdleSetting } from '@/lib/domain/running/ports';
import { priceList } from '@/lib/domain/running/prices';
import type { Running } from '@/lib/domain/running/verbs/list-running';
import { runningPage } from './page-info';
import { itemsOf } from './view';

/** What an action of the page came to. */
export const doneWords = {
  stopped: {
    title: 'Stopping',
    text: 'AWS deletes it within a minute or so. Until then it is listed as being stopped.',
  },
  gone: { title: 'It was gone already', text: 'Somebody else stopped it, or idle shutdown did.' },
  idle: {
    title: 'Idle shutdown changed',
    text: 'It holds for apps that start from now on. An app that is up keeps what it was started with until it is stopped.',
  },
} as const;
export type Done = keyof typeof doneWords;

export const runningHref = (done: Done): string => `${runningPage.path}?done=${done}`;

/** SageMaker's words for apps, as people know them. */
const types: Readonly<Record<string, string>> = {
  CodeEditor: 'Code Editor',
  JupyterServer: 'Studio Classic',
  KernelGateway: 'Kernel of Studio Classic',
  RStudioServerPro: 'RStudio',
  RSessionGateway: 'RStudio session',
};
export const typeWords = (type: string): string =>
  Object.hasOwn(types, type) ? (types[type] ?? type) : type;

const statuses: Readonly<Record<string, { readonly tone: Tone; readonly words: string }>> = {
  InService: { tone: 'done', words: 'Running' },
  Pending: { tone: 'running', words: 'Starting' },
  Creating: { tone: 'running', words: 'Starting' },
  Updating: { tone: 'running', words: 'Being updated' },
  SystemUpdating: { tone: 'running', words: 'Being updated by AWS' },
  RollingBack: { tone: 'warning', words: 'Rolling back' },
  OutOfService: { tone: 'warning', words: 'Out of service' },
  Deleting: { tone: 'neutral', words: 'Stopping' },
};
/** A status of SageMaker; one that Annex doesn’t know is shown as it is. */
export const statusWords = (status: string): { readonly tone: Tone; readonly words: string } =>
  (Object.hasOwn(statuses, status) ? statuses[status] : undefined) ?? { tone: 'neutral', words: status };

/** `$0.17 an hour`, and what that leaves out. */
function rateWords({ usd, unpriced }: Rate): string {
  if (unpriced.length === 0) return `${formatUsd(usd)} an hour`;
  return usd === 0 ? 'an unknown price' : `at least ${formatUsd(usd)} an hour`;
}

/** How much runs and what it costs; what could not be read is not counted as nothing. */
export function headlineOf(running: Running): string {
  const up = itemsOf(running).filter((item) => !isStopping(item));
  const complete = running.apps.state === 'read' && running.endpoints.state === 'read';
  if (up.length === 0) return complete ? 'Nothing is running' : 'AWS does not tell what runs';
  return `${complete ? '' : 'At least '}${formatUnits(up.length, 'running', 'running')}, ${rateWords(runRate(up))}`;
}

/** Where the prices are from, and how far they may be off. */
export const priceNote = (region: string): string =>
  [
    `List prices of ${priceList.region} as known in ${monthInWords(`${priceList.date}-01`)}; your bill may differ.`,
    ...(region === priceList.region ? [] : [`Your account is in ${region}, where prices differ.`]),
    'The cost so far counts the time since the start at today’s size.',
  ].join(' ');

const minutesWords = (minutes: number): string => {
  if (minutes % 1440 === 0) return formatUnits(minutes / 1440, 'day');
  return minutes % 60 === 0 ? formatUnits(minutes / 60, 'hour') : formatUnits(minutes, 'minute');
};

/** What is set about idle shutdown, in words. */
export function idleWords(setting: IdleSetting | null): string {
  if (setting === null) return 'Not set: SageMaker stops none';
  if (setting.state === 'disabled') return 'Off';
  return setting.minutes === null
    ? 'On, after AWS’s standard time'
    : `On, after ${minutesWords(setting.minutes)} without use`;
}

const whose = (by: 'domain' | 'owner'): string =>
  by === 'owner' ? 'its user profile or space' : 'the workbench';

/** Why an app is still up. `until` is said by the page, in the reader’s time zone. */
export function whyWords(why: WhyUp, now: Date): string {
  switch (why.kind) {
    case 'not covered':
      return 'Idle shutdown does not know apps of this type: only you can stop it.';
    case 'not set':
      return 'Idle shutdown is not set for apps of this type.';
    case 'disabled':
      return `Idle shutdown is off in ${whose(why.by)}.`;
    case 'started before':
      return 'It was started before the settings of the workbench last changed, and keeps those until it is stopped.';
    case 'in use':
      return `Last in use ${formatAge(why.activeAt, now)}, as far as AWS tells. Idle shutdown, set in ${whose(why.by)}, waits ${minutesWords(why.minutes)}:`;
    case 'overdue':
      return 'Its time is over, but AWS has not stopped it: a kernel or a terminal is open, or its image is older than SageMaker Distribution 2.0. It was due:';
    case 'unknown':
      return 'AWS does not tell when it was last in use.';
  }
}

/** The instant that ends the words of `whyWords`. */
export const instantOf = (why: WhyUp): Date | null =>
  why.kind === 'in use' ? why.until : why.kind === 'overdue' ? why.since : null;
