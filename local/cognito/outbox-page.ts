import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SentMail } from '../aws/core/services';
import { fromLoopback } from '../from-loopback';
import { type HostedUi, json, send } from './exchange';
import { escapeHtml, homeOf, messagePage, type Page, page } from './pages';

/** Mails on one page of the list. */
const shown = 50;

/**
 * `GET /outbox` shows what Cognito and SES have sent, newest first, `/outbox.json` has all of it; `?to=` has the mails to one
 * address. Mails carry passwords, so only this machine gets them, by a name of its own: a page elsewhere cannot lead its own
 * name here and read them.
 */
export async function showOutbox(
  ui: HostedUi,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (!fromLoopback(request)) {
    const text = 'Only programs and browsers on this machine may read the outbox, at localhost.';
    return send(response, messagePage('No access', 403, text, null));
  }
  const to = url.searchParams.get('to')?.trim() || null;
  const mails = await ui.outbox().list(to === null ? {} : { to });
  if (url.pathname === '/outbox.json') return json(response, { mails });
  const before = Number(url.searchParams.get('before')) || Number.MAX_SAFE_INTEGER;
  return send(
    response,
    outboxPage({ mails: mails.filter(({ id }) => id < before), to, home: homeOf(ui.callbackUrls) }),
  );
}

interface OutboxView {
  readonly mails: readonly SentMail[];
  readonly to: string | null;
  readonly home: ReturnType<typeof homeOf>;
}

function outboxPage({ mails, to, home }: OutboxView): Page {
  const visible = mails.slice(0, shown);
  const last = visible.at(-1);
  const query = new URLSearchParams({ ...(to !== null && { to }), before: String(last?.id) });
  const older =
    mails.length > shown ? `<p><a href="/outbox?${escapeHtml(query.toString())}">Older mails</a></p>` : '';
  const back = home ? `<p><a href="${escapeHtml(home.href)}">${escapeHtml(home.label)}</a></p>` : '';
  const list = visible.length > 0 ? `<ol>${visible.map(mailItem).join('')}</ol>` : emptyText(to);
  const everything = to === null ? '' : '<p><a href="/outbox">Show all</a></p>';
  return page(
    'Outbox',
    200,
    `<p class="lead">Nothing leaves this machine: the mails that Annex sends are here, the latest 1,000.</p>
    <form method="get" action="/outbox">
      <div>
        <label for="to">To</label>
        <input id="to" name="to" type="search" inputmode="email" autocapitalize="none" spellcheck="false" maxlength="320"
          value="${escapeHtml(to ?? '')}">
      </div>
      <button type="submit">Filter</button>
    </form>
    ${list}
    ${older}${everything}${back}`,
    { layout: 'list', footer: 'Outbox of the embedded default' },
  );
}

const emptyText = (to: string | null): string =>
  to === null ? '<p>No mail was sent yet.</p>' : `<p>No mail to ${escapeHtml(to)}.</p>`;

function mailItem(mail: SentMail): string {
  const mine = new URLSearchParams({ to: mail.to });
  const rows = [
    ['To', `<a href="/outbox?${escapeHtml(mine.toString())}">${escapeHtml(mail.to)}</a>`],
    ['From', `${escapeHtml(mail.from)}, by ${escapeHtml(mail.service)}`],
    ['Sent', `<time datetime="${escapeHtml(mail.at)}">${escapeHtml(inUtc(mail.at))}</time>`],
  ];
  return `<li>
      <h2>${escapeHtml(mail.subject)}</h2>
      <dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd>${value}</dd>`).join('')}</dl>
      <p class="text">${withLinks(mail.text)}</p>
    </li>`;
}

/** `2026-03-01 10:00:00 UTC` */
const inUtc = (at: string): string => `${at.slice(0, 19).replace('T', ' ')} UTC`;

/** The text as markup, in which only what is an http(s) address is a link. */
function withLinks(text: string): string {
  return text
    .split(/(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)])/)
    .map((part, at) => {
      if (at % 2 === 0 || !URL.canParse(part)) return escapeHtml(part);
      return `<a href="${escapeHtml(part)}" rel="noopener noreferrer">${escapeHtml(part)}</a>`;
    })
    .join('');
}
