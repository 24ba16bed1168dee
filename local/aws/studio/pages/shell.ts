import type { Domain } from '@/local/aws/sagemaker/domains/domains';
import type { StudioSession } from '@/local/aws/sagemaker/domains/sign-in-tokens';
import { html, type Markup } from '@/local/aws/wire/http/markup';
import { page } from './html';

/** What the frame of every signed-in page shows. */
export interface Shell {
  readonly region: string;
  readonly domain: Domain;
  readonly session: StudioSession;
}

const places = [
  { id: 'home', path: './', name: 'Home' },
  { id: 'training', path: 'training', name: 'Training' },
  { id: 'endpoints', path: 'endpoints', name: 'Endpoints' },
] as const;

/** Where somebody is: in the navigation, or at an app, which it has no entry for. */
export type Place = (typeof places)[number]['id'] | 'app';

/** A page of Studio for somebody who is signed in. */
export function shellPage({ domain, session, region }: Shell, current: Place, body: Markup): string {
  const name = places.find(({ id }) => id === current)?.name ?? 'App';
  return page(
    current === 'home' ? domain.name : `${name} · ${domain.name}`,
    html`<div class="shell">
<header class="bar">
  <h1>SageMaker Studio (local)</h1>
  <div class="who">
    <span>Signed in as <strong>${session.profile}</strong></span>
    <span>until ${when(session.expiresAt)}</span>
    <form method="post" action="sign-out"><button class="plain" type="submit">Sign out</button></form>
  </div>
</header>
<nav class="rail" aria-label="Studio">
  <ul>${places.map(
    (each) =>
      html`<li><a href="${each.path}"${each.id === current ? html` aria-current="page"` : null}>${each.name}</a></li>`,
  )}</ul>
</nav>
<main>
  ${body}
</main>
<footer class="foot">Domain <span class="mono">${domain.domainId}</span> in account
  <span class="mono">${domain.accountId}</span>, ${region}</footer>
</div>`,
  );
}

/** Minutes, in UTC: without script the page does not know the reader's zone. */
export function when(time: string | Date): Markup {
  const iso = typeof time === 'string' ? time : time.toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC</time>`;
}

/** Bytes in binary units. */
export function sizeOf(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** A state's name with its colour. */
export function statusBadge(status: string): Markup {
  const tones: Readonly<Record<string, string>> = {
    Completed: 'good',
    InService: 'good',
    Failed: 'bad',
    Stopped: '',
  };
  return html`<span class="badge ${tones[status] ?? 'wait'}">${status}</span>`;
}
