import type { IncomingMessage, ServerResponse } from 'node:http';
import { AwsError } from '../aws/core/service';
import type { Attempts } from './attempts';
import { fromHere, type HostedUi, readForm, send } from './exchange';
import { choosePasswordPage, homeOf, messagePage, signInPage } from './pages';
import { emailKey, minimumPasswordLength, type PoolUser } from './users';

const wrong = 'Incorrect email address or password. Try again, or ask your administrator for a new password.';
const disabled = 'This user is disabled. Ask your administrator to enable it.';
const expired = 'This temporary password has expired. Ask who invited you for a new invitation.';
const unconfirmed = 'Your sign-up isn’t confirmed yet. Enter the code that was mailed to you, then sign in.';
const tooLate = 'This took too long, or your password was changed meanwhile. Sign in again.';

interface SignIn {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly uid: string;
  readonly action: string;
}

/** The sign-in page, its form, and the form by which people choose a password when they first sign in. */
export async function login(ui: HostedUi, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const interaction = await ui.provider.interactionDetails(request, response);
  const action = `/login/${interaction.uid}`;
  if (request.method !== 'POST') {
    const hint = typeof interaction.params.login_hint === 'string' ? interaction.params.login_hint : '';
    return send(response, signInPage({ action, email: hint, error: null }));
  }
  if (!fromHere(ui, request)) {
    return send(
      response,
      messagePage(
        'Sign-in rejected',
        403,
        'The form was sent from another site. Start again from Annex.',
        homeOf(ui.callbackUrls),
      ),
    );
  }
  const form = await readForm(request);
  const signIn = { request, response, uid: interaction.uid, action };
  if (form.has('cancel')) return cancel(ui, signIn, form);
  if (form.has('session')) return choosePassword(ui, signIn, form);
  return enterPassword(ui, signIn, form);
}

function cancel(ui: HostedUi, { request, response }: SignIn, form: URLSearchParams): Promise<void> {
  ui.challenges.close(form.get('session') ?? '');
  const result = { error: 'access_denied', error_description: 'the user cancelled the sign-in' };
  return ui.provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

function finish(ui: HostedUi, { request, response }: SignIn, sub: string): Promise<void> {
  const result = { login: { accountId: sub, remember: true } };
  return ui.provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

async function enterPassword(ui: HostedUi, signIn: SignIn, form: URLSearchParams): Promise<void> {
  const { response, uid, action } = signIn;
  const email = form.get('email') ?? '';
  const outcome = await check(ui, email, form.get('password') ?? '');
  if ('error' in outcome) {
    return send(response, signInPage({ action, email, error: outcome.error }, outcome.status));
  }
  const { user } = outcome;
  if (user.status === 'CONFIRMED') return finish(ui, signIn, user.sub);
  const session = ui.challenges.open(uid, user);
  return send(response, choosePasswordPage({ action, session, email: user.email, error: null }));
}

interface Refusal {
  readonly status: number;
  readonly error: string;
}

async function check(
  ui: HostedUi,
  email: string,
  password: string,
): Promise<{ readonly user: PoolUser } | Refusal> {
  const name = emailKey(email);
  const wait = waiting(ui.attempts, name);
  if (wait) return wait;
  // Counted before the password is checked, so that concurrent tries count too.
  ui.attempts.failed(name);
  const user = await ui.users.verify(email, password);
  if (!user) return { status: 400, error: wrong };
  ui.attempts.succeeded(name);
  // Only people who know the password learn what is wrong with the account.
  if (!user.enabled) return { status: 403, error: disabled };
  if (user.status === 'UNCONFIRMED') return { status: 403, error: unconfirmed };
  if (user.status === 'FORCE_CHANGE_PASSWORD' && ui.users.hasExpired(user)) {
    return { status: 403, error: expired };
  }
  return { user };
}

async function choosePassword(ui: HostedUi, signIn: SignIn, form: URLSearchParams): Promise<void> {
  const { response, uid, action } = signIn;
  const session = form.get('session') ?? '';
  const proven = ui.challenges.find(uid, session);
  if (!proven) return send(response, signInPage({ action, email: '', error: tooLate }, 400));
  const refusal = await choose(ui, proven, form.get('new_password') ?? '', form.get('repeated') ?? '');
  if (refusal === null) {
    ui.challenges.close(session);
    return finish(ui, signIn, proven.sub);
  }
  if (refusal === tooLate) {
    ui.challenges.close(session);
    return send(response, signInPage({ action, email: proven.email, error: tooLate }, 400));
  }
  const page = { action, session, email: proven.email, error: refusal.error };
  return send(response, choosePasswordPage(page, refusal.status));
}

/** Null when the password is set, or why it is not. */
async function choose(
  ui: HostedUi,
  proven: PoolUser,
  password: string,
  repeated: string,
): Promise<Refusal | typeof tooLate | null> {
  const wait = waiting(ui.choices, proven.sub);
  if (wait) return wait;
  ui.choices.failed(proven.sub);
  if (password !== repeated) {
    return { status: 400, error: 'The two passwords differ. Enter the same one twice.' };
  }
  try {
    await ui.users.choosePassword(proven, password);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.code !== 'InvalidPasswordException') return tooLate;
    const what = password.length < minimumPasswordLength ? 'short' : 'long';
    return { status: 400, error: `The password is too ${what}. See below what it needs.` };
  }
  ui.choices.succeeded(proven.sub);
  return null;
}

/** A refusal while `name` has to wait after too many failures. */
function waiting(attempts: Attempts, name: string): Refusal | null {
  const waitMs = attempts.wait(name);
  if (waitMs <= 0) return null;
  const seconds = Math.ceil(waitMs / 1000);
  const time =
    seconds === 1 ? 'one second' : seconds < 60 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
  return { status: 429, error: `Too many attempts. Wait ${time}, then try again.` };
}
