import type { SignUpTerms } from '@/lib/domain/signup/ports';
import type { SignUpStanding } from '@/lib/domain/signup/verbs/get-sign-up';

/** The page on which a sign-up goes on. */
export const confirmHref = (id: string, done?: 'sent'): string =>
  `/sign-up/confirm?${new URLSearchParams({ id, ...(done && { done }) })}`;

/** What the page says of signing up here. `open`: whether there is a form. */
export function signUpWords({ mode, contact }: Pick<SignUpTerms, 'mode' | 'contact'>): {
  readonly open: boolean;
  readonly title: string;
  readonly text: string;
} {
  switch (mode) {
    case 'closed':
      return {
        open: false,
        title: 'Sign-up is closed',
        text: `Nobody can sign an organisation up here at the moment. ${contact ?? 'Ask whoever runs Annex for you.'}`,
      };
    case 'approval':
      return {
        open: true,
        title: 'Sign up',
        text: 'Sign your organisation up. An administrator decides about it, and you get a mail.',
      };
    case 'open':
      return {
        open: true,
        title: 'Sign up',
        text: 'Sign your organisation up. You can work as soon as you have confirmed your address.',
      };
  }
}

/** The title of the page on which a sign-up goes on. */
export const standingTitles: Readonly<Record<SignUpStanding, string>> = {
  code: 'Check your mail',
  name: 'Choose another name',
  requested: 'Your organisation waits for approval',
  declined: 'Your organisation was not admitted',
  admitted: 'Your organisation is admitted',
};
