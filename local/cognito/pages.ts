import { maximumPasswordLength, minimumPasswordLength } from './users';

/** The hosted UI's response to a browser. */
export interface Page {
  readonly status: number;
  readonly html: string;
}

export interface SignInForm {
  readonly action: string;
  readonly email: string;
  /** Why the last try failed. */
  readonly error: string | null;
}

export interface Link {
  readonly href: string;
  readonly label: string;
}

/** The sign-in page. It works without JavaScript and contains none. */
export function signInPage(form: SignInForm, status = 200): Page {
  const error = form.error ? `<p class="error" id="error" role="alert">${escapeHtml(form.error)}</p>` : '';
  const invalid = form.error ? ' aria-invalid="true" aria-describedby="error"' : '';
  const [emailFocus, passwordFocus] = form.email ? ['', ' autofocus'] : [' autofocus', ''];
  return page(
    'Sign in',
    status,
    `<p class="lead">to continue to Annex</p>
    ${error}
    <form method="post" action="${escapeHtml(form.action)}">
      <label for="email">Email</label>
      <input id="email" name="email" type="email" autocomplete="username" inputmode="email" spellcheck="false"
        autocapitalize="none" required maxlength="320" value="${escapeHtml(form.email)}"${invalid}${emailFocus}>
      <label for="password">Password</label>
      <input id="password" name="password" type="password" autocomplete="current-password" required
        maxlength="256"${invalid}${passwordFocus}>
      <button type="submit">Sign in</button>
      <button type="submit" class="quiet" name="cancel" value="yes" formnovalidate>Cancel</button>
    </form>`,
  );
}

export interface ChoosePasswordForm {
  readonly action: string;
  /** Proves that the temporary password was entered. */
  readonly session: string;
  readonly email: string;
  /** Why the last try failed. */
  readonly error: string | null;
}

/** The page after the sign-in with a temporary password. It works without JavaScript and contains none. */
export function choosePasswordPage(form: ChoosePasswordForm, status = 200): Page {
  const error = form.error ? `<p class="error" id="error" role="alert">${escapeHtml(form.error)}</p>` : '';
  const described = form.error
    ? 'aria-invalid="true" aria-describedby="error policy"'
    : 'aria-describedby="policy"';
  const limits = `required minlength="${minimumPasswordLength}" maxlength="${maximumPasswordLength}"`;
  return page(
    'Choose a password',
    status,
    `<p class="lead">for ${escapeHtml(form.email)}</p>
    ${error}
    <form method="post" action="${escapeHtml(form.action)}">
      <input type="hidden" name="session" value="${escapeHtml(form.session)}">
      <input type="hidden" name="username" autocomplete="username" value="${escapeHtml(form.email)}">
      <label for="new_password">New password</label>
      <input id="new_password" name="new_password" type="password" autocomplete="new-password" ${limits} ${described} autofocus>
      <p class="hint" id="policy">${minimumPasswordLength} to ${maximumPasswordLength} characters. It replaces the temporary password.</p>
      <label for="repeated">New password again</label>
      <input id="repeated" name="repeated" type="password" autocomplete="new-password" ${limits} ${described}>
      <button type="submit">Save and sign in</button>
      <button type="submit" class="quiet" name="cancel" value="yes" formnovalidate>Cancel</button>
    </form>`,
  );
}

/** A page that says what went wrong and offers a link to continue. */
export function messagePage(title: string, status: number, text: string, link: Link | null): Page {
  const way = link
    ? `<p><a class="button" href="${escapeHtml(link.href)}">${escapeHtml(link.label)}</a></p>`
    : '';
  return page(title, status, `<p>${escapeHtml(text)}</p>${way}`);
}

/** For requests that the OpenID provider refuses before it may send the browser back to the application. */
export function refusalPage(
  error: { readonly name: string; readonly description: string },
  home: Link | null,
): Page {
  if (error.name === 'SessionNotFound') return expiredPage(home);
  const text = `This sign-in request is not valid (${error.description}). Start again from Annex.`;
  return messagePage('Sign-in cannot start', 400, text, home);
}

/** For a sign-in that was left open for too long or is already over. */
export function expiredPage(home: Link | null): Page {
  const text =
    'The page was open for too long, or sign-in was completed in another tab. Start again from Annex.';
  return messagePage('Sign-in has expired', 400, text, home);
}

/** A link to the application to which the first callback URL belongs. */
export function homeOf(callbackUrls: readonly string[]): Link | null {
  const first = callbackUrls[0];
  return first === undefined ? null : { href: `${new URL(first).origin}/`, label: 'Back to Annex' };
}

/** A page of the hosted UI; `body` is markup. `about` has its class and its footer, where they differ. */
export function page(
  title: string,
  status: number,
  body: string,
  about = { layout: 'form', footer: 'Amazon Cognito stand-in of the embedded default' },
): Page {
  return {
    status,
    html: `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <meta name="robots" content="noindex">
  <title>${escapeHtml(title)} · Annex</title>
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/sign-in.css">
</head>
<body class="${about.layout}">
  <main>
    <p class="mark" aria-hidden="true">Annex</p>
    <h1>${escapeHtml(title)}</h1>
    ${body}
  </main>
  <footer>${about.footer}</footer>
</body>
</html>
`,
  };
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that is safe in an element or a quoted attribute. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);

export const stylesheet = `:root {
  color-scheme: light dark;
  --ground: light-dark(#f4f5f2, #12161a);
  --card: light-dark(#ffffff, #1b2126);
  --ink: light-dark(#1a2329, #e9eef0);
  --soft: light-dark(#55636b, #a3b1b8);
  --line: light-dark(#8a979d, #6b7a82);
  --accent: light-dark(#0b5d5a, #6fd0c6);
  --on-accent: light-dark(#ffffff, #06201f);
  --danger: light-dark(#9f1d20, #ffb4ab);
  --danger-ground: light-dark(#fdeceb, #3a1a1a);
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; min-height: 100dvh; display: grid; grid-template-rows: 1fr auto; place-items: center;
  padding: 1.5rem 1rem; background: var(--ground); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif;
}
main {
  width: 100%; max-width: 24rem; padding: 2rem; background: var(--card); border-radius: 0.75rem;
  border: 1px solid color-mix(in srgb, var(--line) 35%, transparent);
}
.mark { margin: 0 0 1.25rem; color: var(--accent); font-weight: 650; letter-spacing: 0.02em; }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.25; }
.lead { margin: 0.25rem 0 1.25rem; color: var(--soft); overflow-wrap: anywhere; }
label { display: block; margin: 1rem 0 0.375rem; font-weight: 550; }
input {
  width: 100%; min-height: 2.75rem; padding: 0.5rem 0.75rem; font: inherit; color: inherit; background: var(--ground);
  border: 1px solid var(--line); border-radius: 0.5rem;
}
input[aria-invalid] { border-color: var(--danger); }
button, .button {
  display: block; width: 100%; min-height: 2.75rem; margin-top: 1.5rem; padding: 0.6rem 1rem; font: inherit;
  font-weight: 600; text-align: center; text-decoration: none; cursor: pointer; color: var(--on-accent);
  background: var(--accent); border: 1px solid var(--accent); border-radius: 0.5rem;
}
button.quiet { margin-top: 0.75rem; color: var(--ink); background: transparent; border-color: var(--line); }
button:hover, .button:hover { filter: brightness(1.08); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.hint { margin: 0.375rem 0 0; color: var(--soft); font-size: 0.875rem; }
.error { margin: 0 0 0.5rem; padding: 0.75rem; color: var(--danger); background: var(--danger-ground); border-radius: 0.5rem; }
.list { place-items: start center; }
.list main { max-width: 48rem; }
.list form { display: flex; flex-wrap: wrap; gap: 0.75rem; align-items: end; margin: 0 0 1.5rem; }
.list form div { flex: 1 1 14rem; }
.list button { width: auto; margin-top: 0; }
.list ol { margin: 0; padding: 0; list-style: none; }
.list li { padding: 1.25rem 0; border-top: 1px solid color-mix(in srgb, var(--line) 35%, transparent); }
.list h2 { margin: 0; font-size: 1.0625rem; overflow-wrap: anywhere; }
.list dl { display: grid; grid-template-columns: auto 1fr; gap: 0 0.75rem; margin: 0.25rem 0 0.75rem; font-size: 0.875rem; }
.list dt { color: var(--soft); }
.list dd { margin: 0; overflow-wrap: anywhere; }
.text { margin: 0; font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; }
a { color: var(--accent); }
footer { padding-top: 1.5rem; color: var(--soft); font-size: 0.8125rem; }
`;
