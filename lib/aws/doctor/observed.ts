import type { AwsAnswer, Call, FaultName, Observation } from '@/lib/domain/doctor/ports';
import { fromAws, isClockSkew, publicWords, sdkFailure } from '../core/errors';

/** The link is ok. */
export const fine = (found: string, ...calls: Call[]): Observation => ({
  calls,
  found,
  answer: null,
  fault: null,
  denied: null,
});

/** The link fails. */
export const wrong = (
  fault: FaultName,
  found: string,
  calls: readonly Call[],
  answer: AwsAnswer | null = null,
): Observation => ({ calls, found, answer, fault, denied: null });

/** What a call that threw says of its link. Throws errors that do not come from AWS. */
export function refused(error: unknown, call: Call, calls: readonly Call[] = [call]): Observation {
  const failure = sdkFailure(error);
  if (!failure) throw error;
  const answer = answerOf(error);
  const fault = faultOf(error);
  return { calls, found: words[fault], answer, fault, denied: fault === 'denied' ? call : null };
}

/** What AWS said, made safe to show: its code is a name, and its text has no addresses and no control characters. */
export function answerOf(error: unknown): AwsAnswer {
  const { name = 'Error', message = '' } = sdkFailure(error) ?? {};
  return { code: /^[\w.:-]{1,80}$/.test(name) ? name : 'Error', text: safeWords(message) };
}

/** Texts from a tenant's account may hold anything. */
export const safeWords = (text: string): string => publicWords(text.replace(/\p{C}+/gu, ' ')).trim();

/** Names from a tenant's account, cut to what AWS allows in one. */
export const safeName = (name: string | undefined): string =>
  (name ?? '').replace(/[^\w+=,.@:/-]/g, '�').slice(0, 200);

type CommonFault = 'denied' | 'throttled' | 'unreachable' | 'clock' | 'unexpected' | 'no-credentials';

const words: Readonly<Record<CommonFault, string>> = {
  denied: 'AWS denied the call.',
  throttled: 'AWS throttled the call, also after two retries.',
  unreachable: 'AWS did not answer, or could not do what was asked.',
  clock: 'AWS refused the signature because of its time.',
  unexpected: 'AWS answered with an error.',
  'no-credentials': 'The portal has no valid credentials.',
};

const withoutKey =
  /CredentialsProviderError|InvalidClientTokenId|UnrecognizedClient|InvalidAccessKeyId|ExpiredToken|SignatureDoesNotMatch|InvalidSignature/;

function faultOf(error: unknown): CommonFault {
  const failure = sdkFailure(error);
  if (failure && isClockSkew(failure)) return 'clock';
  if (withoutKey.test(failure?.name ?? '')) return 'no-credentials';
  const { code, transient } = Object(fromAws('looking', error)) as { code?: string; transient?: boolean };
  if (code === 'dependency_denied') return 'denied';
  if (code === 'throttled') return 'throttled';
  return code === 'dependency_failed' && transient ? 'unreachable' : 'unexpected';
}

/** Whether AWS denied the call for want of a permission. */
export const isDenied = (error: unknown): boolean =>
  sdkFailure(error) !== null && faultOf(error) === 'denied';
