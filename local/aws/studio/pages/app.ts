import type { AppKey, StudioApp } from '@/local/aws/sagemaker/domains/apps';
import type { Space } from '@/local/aws/sagemaker/domains/space';
import { html } from '../../wire/http/markup';
import { type Shell, shellPage, when } from './shell';

interface AppView extends Shell {
  readonly key: AppKey;
  /** Null: the app is of the user profile itself. */
  readonly space: Space | null;
  readonly app: StudioApp | undefined;
}

/** Where the page of an app is, below the domain's pages. */
export const appPath = ({ type, space }: Pick<AppKey, 'type' | 'space'>): string =>
  `app?${new URLSearchParams({ type, ...(space === undefined ? {} : { space }) })}`;

/** One app: of a space, where a deep link leads, or of the user profile. */
export function appPage(view: AppView): string {
  const { key, space, app, session } = view;
  const type = key.type === 'CodeEditor' ? 'Code Editor' : key.type;
  const name = space === null ? session.profile : (space.displayName ?? space.name);
  const status = app?.status ?? 'Deleted';
  const states = {
    Pending: { tone: 'wait', name: 'Starting' },
    InService: { tone: 'good', name: 'InService' },
    Deleting: { tone: 'wait', name: 'Stopping' },
    Deleted: { tone: '', name: 'Stopped' },
  } as const;
  const { tone, name: state } = states[status];
  const rows = [
    ['Space', space === null ? 'None: your own app' : html`<span class="mono">${space.name}</span>`],
    ['Shared', space?.sharing === 'Private' ? 'No, private to you' : space === null ? 'No' : 'Yes'],
    ['Instance type', html`<span class="mono">${app?.instanceType ?? view.domain.instanceType}</span>`],
    ['Started', app ? when(app.createdAt) : 'never'],
  ] as const;
  const action = {
    InService: null,
    Deleted: html`<form method="post" action="${appPath(key)}"><button type="submit">Run ${type}</button></form>`,
    Pending: html`<a class="button" href="${appPath(key)}">Check again</a>`,
    Deleting: html`<a class="button" href="${appPath(key)}">Check again</a>`,
  }[status];
  return shellPage(
    view,
    'app',
    html`<section class="panel" id="app" aria-labelledby="app-title">
  <header><h2 id="app-title">${type}: ${name}</h2><span class="badge ${tone}">${state}</span></header>
  <dl>${rows.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>
  <p class="quiet">This stand-in has no notebook server. On AWS, the same link opens ${type} here.</p>
  ${action && html`<div class="actions">${action}</div>`}
</section>`,
  );
}
