import type { ModelSummary } from '@aws-sdk/client-sagemaker';
import { html, type Markup } from '@/local/aws/wire/http/markup';
import type { EndpointView } from '../lab/lab';
import { type Shell, shellPage, statusBadge, when } from './shell';
import { refreshNote } from './training';

/** Endpoints and models of the account. */
export function endpointsPage(
  shell: Shell,
  {
    endpoints,
    models,
    token,
    updating,
    problem,
  }: {
    readonly endpoints: readonly EndpointView[];
    readonly models: readonly ModelSummary[];
    readonly token: string;
    readonly updating: boolean;
    readonly problem: string | null;
  },
): string {
  const running = endpoints.some(({ EndpointStatus = '' }) => EndpointStatus.endsWith('ing'));
  return shellPage(
    shell,
    'endpoints',
    html`${refreshNote(updating, running, 'endpoints')}
${problem && html`<p class="alert" role="alert">${problem}</p>`}
<section class="panel" aria-labelledby="endpoints-title">
  <header><h2 id="endpoints-title">Endpoints</h2></header>
  ${endpoints.length === 0 ? noEndpoints : endpointTable(endpoints, token)}
</section>
<section class="panel" aria-labelledby="models-title">
  <header><h2 id="models-title">Models</h2></header>
  ${models.length === 0 ? noModels : modelTable(models)}
</section>`,
  );
}

const noEndpoints = html`<div class="empty"><strong>No endpoints yet</strong>
  <p>Train a model, then deploy it from its <a href="training">training job</a>.</p></div>`;

const noModels = html`<div class="empty"><strong>No models yet</strong><p>Deploying a training job creates one.</p></div>`;

function endpointTable(endpoints: readonly EndpointView[], token: string): Markup {
  return html`<div class="scroll" role="region" aria-label="Table of endpoints" tabindex="0"><table>
    <thead><tr><th scope="col">Endpoint</th><th scope="col">Status</th><th scope="col">Configuration</th><th scope="col">Changed</th>
      <th scope="col">Delete</th></tr></thead>
    <tbody>${endpoints.map(
      (endpoint) => html`<tr><th scope="row" class="mono">${endpoint.EndpointName}</th>
        <td>${statusBadge(endpoint.EndpointStatus ?? '')}${endpoint.reason && html`<div class="quiet">${endpoint.reason}</div>`}</td>
        <td class="mono">${endpoint.config ?? '—'}</td>
        <td class="when">${endpoint.LastModifiedTime && when(endpoint.LastModifiedTime)}</td>
        <td>${deleteForm(endpoint, token)}</td></tr>`,
    )}</tbody></table></div>
  <p class="quiet">Once an endpoint is in service, go back to Annex: under <em>Model</em>, test it, then activate it.</p>`;
}

function deleteForm({ EndpointName = '', EndpointStatus }: EndpointView, token: string): Markup | string {
  if (EndpointStatus !== 'InService' && EndpointStatus !== 'Failed') return '—';
  return html`<form method="post" action="delete-endpoint"><input type="hidden" name="token" value="${token}">
    <input type="hidden" name="name" value="${EndpointName}">
    <button class="minor" type="submit" aria-label="Delete ${EndpointName}">Delete</button></form>`;
}

function modelTable(models: readonly ModelSummary[]): Markup {
  return html`<div class="scroll" role="region" aria-label="Table of models" tabindex="0"><table>
    <thead><tr><th scope="col">Model</th><th scope="col">Created</th></tr></thead>
    <tbody>${models.map(
      ({ ModelName, CreationTime }) => html`<tr><th scope="row" class="mono">${ModelName}</th>
        <td class="when">${CreationTime && when(CreationTime)}</td></tr>`,
    )}</tbody></table></div>`;
}
