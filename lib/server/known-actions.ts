import { oneInProcess } from '@/lib/one-in-process';

/** Ids of the server actions of this build, which the portal's server sets. Empty where Next runs without it. */
export const knownActions = oneInProcess('known-actions', () => new Set<string>());
