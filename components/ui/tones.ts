/** What a state means to its reader; each has a colour and an icon of its own. */
export const tones = ['done', 'running', 'warning', 'failed', 'neutral'] as const;

export type Tone = (typeof tones)[number];

/** The text colour of each tone. */
export const textOf: Readonly<Record<Tone, string>> = {
  done: 'text-done',
  running: 'text-running',
  warning: 'text-warning',
  failed: 'text-failed',
  neutral: 'text-neutral',
};
