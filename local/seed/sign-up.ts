import { z } from 'zod';
import type { RunningStack } from '../environment';
import { PortalClient } from './portal-client';

const outbox = z.object({ mails: z.array(z.object({ text: z.string() })) });

/** Signs `organisation` up at the portal and confirms the address, with the code from the outbox. Then it waits for approval. */
export async function signUp(stack: RunningStack, organisation: string, password: string): Promise<void> {
  const email = `owner@${organisation.toLowerCase().replace(/[^a-z]+/g, '-')}.example`;
  const stranger = await PortalClient.stranger(stack.environment.NEXTAUTH_URL ?? '');
  try {
    const page = await stranger.open('/sign-up');
    const fields = { organisation, person: `Owner of ${organisation}`, email, password };
    const asked = await stranger.submit(
      page,
      page.form((form) => form.querySelector('input[name=organisation]') !== null),
      fields,
    );
    const code = await codeTo(stack, email);
    const confirmed = await stranger.submit(
      asked,
      asked.form((form) => form.querySelector('input[name=code]') !== null),
      { code },
    );
    if (!confirmed.html.text.includes('waits for approval'))
      throw new Error(
        `${organisation} could not sign up: ${confirmed.html.querySelector('main')?.text.trim()}`,
      );
  } finally {
    await stranger.close();
  }
}

async function codeTo({ environment }: RunningStack, email: string): Promise<string> {
  const response = await fetch(
    `${environment.COGNITO_DOMAIN}/outbox.json?${new URLSearchParams({ to: email })}`,
  );
  if (!response.ok) throw new Error(`the outbox: ${response.status}`);
  const { mails } = outbox.parse(await response.json());
  const code = mails.map(({ text }) => /code is (\d{6})/.exec(text)?.[1]).find((each) => each !== undefined);
  if (code === undefined) throw new Error(`No code was mailed to ${email}.`);
  return code;
}
