import type { StudioApp } from '@/local/aws/sagemaker/domains/apps';
import { html, type Markup } from '@/local/aws/wire/http/markup';
import { page } from './html';
import { type Shell, shellPage, sizeOf, when } from './shell';

/** What is in the tenant's bucket; `null` when the account has no such bucket. */
export interface BucketView {
  readonly name: string;
  readonly objects:
    | readonly { readonly key: string; readonly bytes: number; readonly modifiedAt: string }[]
    | null;
  /** Objects counted before counting stopped. */
  readonly counted: number;
  /** True when there are more than were counted. */
  readonly more: boolean;
}

export interface StudioView extends Shell {
  readonly accountName: string | null;
  readonly app: StudioApp | undefined;
  readonly bucket: BucketView;
}

/** Studio itself, for somebody who is signed in. */
export function studioPage(view: StudioView): string {
  return shellPage(
    view,
    'home',
    html`<p class="note">This is Annex’s embedded stand-in for Amazon SageMaker Studio. It shows the domain, the app and the bucket on this machine, and under <em>Training</em> and <em>Endpoints</em> it trains and hosts models. It doesn’t run notebooks. On AWS, the same launch opens SageMaker Studio.</p>
  ${appPanel(view)}
  ${bucketPanel(view.bucket)}
  ${environmentPanel(view)}`,
  );
}

function appPanel({ app, domain }: StudioView): Markup {
  const status = app?.status ?? 'Deleted';
  const states = {
    Pending: { tone: 'wait', name: 'Starting', text: 'JupyterLab is starting.' },
    InService: {
      tone: 'good',
      name: 'InService',
      text: `The app is in service, but this stand-in has no notebook server. ${idleText(app)} Files are kept.`,
    },
    Deleting: { tone: 'wait', name: 'Stopping', text: 'JupyterLab is stopping. Files are kept.' },
    Deleted: {
      tone: '',
      name: 'Stopped',
      text: 'JupyterLab is stopped because it was idle or the app was deleted. Files are kept, and no instance time is used.',
    },
  } as const;
  const state = states[status];
  const action = {
    InService: null,
    Deleted: html`<form method="post" action="start"><button type="submit">Start JupyterLab</button></form>`,
    Pending: html`<a class="button" href="./">Check again</a>`,
    Deleting: html`<a class="button" href="./">Check again</a>`,
  }[status];
  return html`<section class="panel" id="jupyterlab" aria-labelledby="jupyterlab-title">
  <header><h2 id="jupyterlab-title">JupyterLab</h2><span class="badge ${state.tone}">${state.name}</span></header>
  <dl>
    <div><dt>Instance type</dt><dd class="mono">${app?.instanceType ?? domain.instanceType}</dd></div>
    <div><dt>App</dt><dd class="mono">${app?.name ?? 'default'}</dd></div>
    <div><dt>Started</dt><dd>${app ? when(app.createdAt) : 'never'}</dd></div>
  </dl>
  <p class="quiet">${state.text}</p>
  ${action && html`<div class="actions">${action}</div>`}
</section>`;
}

const idleText = (app: StudioApp | undefined): string =>
  app?.idleTimeoutMinutes
    ? `It stops after ${app.idleTimeoutMinutes} minutes without activity.`
    : 'It does not stop by itself: idle shutdown is off.';

function bucketPanel(bucket: BucketView): Markup {
  const count = `${bucket.counted.toLocaleString('en')}${bucket.more ? '+' : ''}`;
  return html`<section class="panel" id="files" aria-labelledby="files-title">
  <header><h2 id="files-title">Bucket</h2><span class="mono">${bucket.name}</span>
    ${bucket.objects && html`<span class="count">${count} ${bucket.counted === 1 && !bucket.more ? 'object' : 'objects'}</span>`}</header>
  ${bucketBody(bucket, count)}
</section>`;
}

function bucketBody({ objects, counted }: BucketView, count: string): Markup {
  if (objects === null) {
    return html`<div class="empty"><strong>Bucket not found</strong>
      <p>The account no longer has a bucket with this name. Ask your Annex administrator to repair the workbench.</p></div>`;
  }
  if (objects.length === 0) {
    return html`<div class="empty"><strong>No objects yet</strong>
      <p>Extracts that you submit in the portal are written to <code>extracts/</code>. Files that you write to the bucket appear here.</p></div>`;
  }
  const shown =
    objects.length < counted
      ? `The first ${objects.length} of ${count} objects, by key`
      : 'All objects, by key';
  return html`<div class="scroll" role="region" aria-label="Objects in the bucket" tabindex="0"><table>
    <caption>${shown}</caption>
    <thead><tr><th scope="col">Key</th><th scope="col" class="number">Size</th><th scope="col">Modified</th></tr></thead>
    <tbody>${objects.map(
      ({ key, bytes, modifiedAt }) => html`<tr><th scope="row" class="mono">${key}</th>
        <td class="number">${sizeOf(bytes)}</td><td class="when">${when(modifiedAt)}</td></tr>`,
    )}</tbody>
  </table></div>`;
}

function environmentPanel({ domain, session, region, accountName }: StudioView): Markup {
  const rows: readonly (readonly [string, string | Markup])[] = [
    ['Domain', domain.name],
    ['Domain id', html`<span class="mono">${domain.domainId}</span>`],
    ['Domain status', domain.status],
    ['Account id', html`<span class="mono">${domain.accountId}</span>`],
    ['Account', accountName ?? 'Unknown'],
    ['Region', html`<span class="mono">${region}</span>`],
    ['User profile', html`<span class="mono">${session.profile}</span>`],
    ['Signed in', when(session.startedAt)],
    ['Session ends', when(session.expiresAt)],
  ];
  return html`<section class="panel" id="environment" aria-labelledby="environment-title">
  <header><h2 id="environment-title">Environment</h2></header>
  <dl>${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
</section>`;
}

/** A page that says one thing, and what to do about it. */
export function messagePage(title: string, texts: readonly (string | Markup)[]): string {
  return page(
    title,
    html`<main class="alone"><div class="panel">
  <div class="brand">SageMaker Studio (local)</div>
  <h1>${title}</h1>
  ${texts.map((text) => html`<p>${text}</p>`)}
</div></main>`,
  );
}
