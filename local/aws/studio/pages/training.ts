import type { DescribeTrainingJobResponse } from '@aws-sdk/client-sagemaker';
import type { BuiltInAlgorithm } from '@/local/aws/sagemaker/shared/images';
import { html, type Markup } from '@/local/aws/wire/http/markup';
import type { JobView, TrainingExtract } from '../lab/lab';
import { validationAuc } from '../lab/lab';
import { algorithms, type ParameterField } from '../lab/train';
import { type Shell, shellPage, statusBadge, when } from './shell';

/** Says that a page shows itself anew, and lets the reader end that. */
export function refreshNote(updating: boolean, running: boolean, path: string): Markup | null {
  if (!running) return null;
  return updating
    ? html`<p class="note">Work is in progress. This page refreshes every few seconds.
      <a href="${path}${path.includes('?') ? '&' : '?'}still=1">Stop refreshing</a></p>`
    : html`<p class="note">Work is in progress. <a href="${path}">Refresh now and keep refreshing</a></p>`;
}

/** Extracts to train on and the jobs so far. */
export function trainingPage(
  shell: Shell,
  {
    extracts,
    more,
    jobs,
    updating,
  }: {
    readonly extracts: readonly TrainingExtract[];
    readonly more: boolean;
    readonly jobs: readonly JobView[];
    readonly updating: boolean;
  },
): string {
  const running = jobs.some(({ TrainingJobStatus }) => isUnderWay(TrainingJobStatus));
  return shellPage(
    shell,
    'training',
    html`${refreshNote(updating, running, 'training')}
<section class="panel" aria-labelledby="extracts-title">
  <header><h2 id="extracts-title">Extracts to train on</h2></header>
  ${extracts.length === 0 ? noExtracts : extractTable(extracts, more)}
</section>
<section class="panel" aria-labelledby="jobs-title">
  <header><h2 id="jobs-title">Training jobs</h2></header>
  ${jobs.length === 0 ? noJobs : jobTable(jobs)}
</section>`,
  );
}

const isUnderWay = (status: string | undefined): boolean => status === 'InProgress' || status === 'Stopping';

const noExtracts = html`<div class="empty"><strong>No training extracts yet</strong>
  <p>In the portal, submit an extract of the <code>churn_training</code> dataset in the format “CSV for SageMaker XGBoost”. It appears here once it is done.</p></div>`;

const noJobs = html`<div class="empty"><strong>No training jobs yet</strong>
  <p>Choose an extract above. Jobs started with the AWS SDK appear here too.</p></div>`;

function extractTable(extracts: readonly TrainingExtract[], more: boolean): Markup {
  const caption = more
    ? `The newest ${extracts.length} extracts of churn_training`
    : 'Extracts of churn_training, newest first';
  return html`<div class="scroll" role="region" aria-label="Table of extracts" tabindex="0"><table>
    <caption>${caption}</caption>
    <thead><tr><th scope="col">Extract</th><th scope="col">Features as of</th><th scope="col" class="number">Rows</th>
      <th scope="col">Finished</th><th scope="col">Train</th></tr></thead>
    <tbody>${extracts.map(
      (
        extract,
      ) => html`<tr><th scope="row" class="mono">${extract.id}</th><td>${extract.asOf?.slice(0, 10) ?? 'Unknown'}</td>
        <td class="number">${extract.rows?.toLocaleString('en') ?? 'Unknown'}</td>
        <td class="when">${extract.finishedAt === null ? 'Unknown' : when(extract.finishedAt)}</td>
        <td>${trainLink(extract)}</td></tr>`,
    )}</tbody></table></div>`;
}

/** Both algorithms read the label first and no header, which is the one layout. */
function trainLink({ id, format }: TrainingExtract): Markup | string {
  if (format !== 'xgboost') return `${format}: not supported, the label must come first`;
  return html`<a href="train?extract=${encodeURIComponent(id)}" aria-label="Train on ${id}">Train</a>`;
}

function jobTable(jobs: readonly JobView[]): Markup {
  return html`<div class="scroll" role="region" aria-label="Table of training jobs" tabindex="0"><table>
    <caption>Newest jobs in the account, at most ${25}</caption>
    <thead><tr><th scope="col">Job</th><th scope="col">Status</th><th scope="col" class="number">Validation AUC</th>
      <th scope="col">Created</th><th scope="col" class="number">Took</th></tr></thead>
    <tbody>${jobs.map(
      (
        job,
      ) => html`<tr><th scope="row"><a class="mono" href="${jobPath(job.TrainingJobName ?? '')}">${job.TrainingJobName}</a></th>
        <td>${statusBadge(job.TrainingJobStatus ?? '')} ${isUnderWay(job.TrainingJobStatus) ? job.SecondaryStatus : null}
          ${job.reason && html`<div class="quiet">${job.reason}</div>`}</td>
        <td class="number">${job.auc?.toFixed(4) ?? '—'}</td>
        <td class="when">${job.CreationTime && when(job.CreationTime)}</td>
        <td class="number">${took(job.CreationTime, job.TrainingEndTime)}</td></tr>`,
    )}</tbody></table></div>`;
}

/** Where a job's own page is. */
export const jobPath = (name: string): string => `training-job?name=${encodeURIComponent(name)}`;

function took(from: Date | undefined, to: Date | undefined): string {
  if (!from || !to) return '—';
  return `${((to.getTime() - from.getTime()) / 1000).toFixed(1)} s`;
}

/** The form that starts a job. */
export function trainPage(
  shell: Shell,
  {
    extract,
    algorithm,
    values,
    token,
    problem,
  }: {
    readonly extract: TrainingExtract;
    readonly algorithm: BuiltInAlgorithm;
    /** Values of the fields, `name` among them. */
    readonly values: Readonly<Record<string, string>>;
    readonly token: string;
    readonly problem: string | null;
  },
): string {
  const query = `extract=${encodeURIComponent(extract.id)}`;
  return shellPage(
    shell,
    'training',
    html`<section class="panel" aria-labelledby="train-title">
  <header><h2 id="train-title">Train a model</h2><span class="mono">${extract.uri}</span></header>
  ${problem && html`<p class="alert" role="alert">${problem}</p>`}
  <p class="quiet">${extract.rows?.toLocaleString('en') ?? 'An unknown number of'} rows. A fixed 20% of them is held back for validation.</p>
  <ul class="tabs" aria-label="Algorithm">${Object.entries(algorithms).map(
    ([id, { name }]) =>
      html`<li><a href="train?${query}&algorithm=${id}"${id === algorithm ? html` aria-current="true"` : null}>${name}</a></li>`,
  )}</ul>
  <form method="post" action="train?${query}&algorithm=${algorithm}">
    <input type="hidden" name="token" value="${token}">
    <div class="fields">
      <div class="field wide"><label for="name">Job name</label>
        <input id="name" name="name" required maxlength="63" pattern="[a-zA-Z0-9](-*[a-zA-Z0-9])*" value="${values.name}"
          aria-describedby="name-hint"><p class="hint" id="name-hint">Letters, digits and hyphens; unique in the account</p></div>
    </div>
    <fieldset class="fields"><legend>Hyperparameters of ${algorithms[algorithm].name}</legend>
      ${algorithms[algorithm].fields.map((field) => parameterField(field, values[field.name] ?? field.value))}
    </fieldset>
    <div class="actions"><button type="submit">Start training</button><a href="training">Back</a></div>
  </form>
</section>`,
  );
}

function parameterField({ name, label, hint, min, max, step }: ParameterField, value: string): Markup {
  return html`<div class="field"><label for="${name}">${label}</label>
    <input id="${name}" name="${name}" type="number" required min="${min}" max="${max}" step="${step}" value="${value}"
      aria-describedby="${name}-hint"><p class="hint" id="${name}-hint">${hint} (<code>${name}</code>)</p></div>`;
}

/** One job: how it went, what it measured, and what can be done with it. */
export function jobPage(
  shell: Shell,
  {
    job,
    token,
    updating,
    endpointName,
    problem,
  }: {
    readonly job: DescribeTrainingJobResponse;
    readonly token: string;
    readonly updating: boolean;
    readonly endpointName: string;
    readonly problem: string | null;
  },
): string {
  const name = job.TrainingJobName ?? '';
  const running = isUnderWay(job.TrainingJobStatus);
  const metrics = job.FinalMetricDataList ?? [];
  return shellPage(
    shell,
    'training',
    html`${refreshNote(updating, running, jobPath(name))}
<section class="panel" aria-labelledby="job-title">
  <header><h2 id="job-title" class="mono">${name}</h2>${statusBadge(job.TrainingJobStatus ?? '')}
    ${running ? html`<span class="quiet">${job.SecondaryStatus}</span>` : null}</header>
  ${problem && html`<p class="alert" role="alert">${problem}</p>`}
  ${job.FailureReason && html`<p class="alert">${job.FailureReason}</p>`}
  <dl>
    <div><dt>Validation AUC</dt><dd>${validationAuc(job)?.toFixed(4) ?? 'not measured'}</dd></div>
    <div><dt>Image</dt><dd class="mono">${job.AlgorithmSpecification?.TrainingImage}</dd></div>
    <div><dt>Data</dt><dd class="mono">${(job.InputDataConfig ?? []).map(({ DataSource }) => DataSource?.S3DataSource?.S3Uri).join(', ')}</dd></div>
    <div><dt>Model</dt><dd class="mono">${job.TrainingJobStatus === 'Completed' ? job.ModelArtifacts?.S3ModelArtifacts : 'none'}</dd></div>
    <div><dt>Created</dt><dd>${job.CreationTime && when(job.CreationTime)}</dd></div>
    <div><dt>Took</dt><dd>${took(job.CreationTime, job.TrainingEndTime)}</dd></div>
  </dl>
  ${running ? stopForm(name, token) : null}
</section>
${job.TrainingJobStatus === 'Completed' ? deployPanel(name, token, endpointName) : null}
<section class="panel" aria-labelledby="steps-title"><header><h2 id="steps-title">Steps</h2></header>
  <div class="scroll" role="region" aria-label="Table of steps" tabindex="0"><table>
    <thead><tr><th scope="col">Step</th><th scope="col">Description</th><th scope="col" class="number">Took</th></tr></thead>
    <tbody>${(job.SecondaryStatusTransitions ?? []).map(
      ({
        Status,
        StatusMessage,
        StartTime,
        EndTime,
      }) => html`<tr><th scope="row">${Status}</th><td>${StatusMessage}</td>
        <td class="number">${took(StartTime, EndTime)}</td></tr>`,
    )}</tbody></table></div></section>
${
  metrics.length === 0
    ? null
    : html`<section class="panel" aria-labelledby="metrics-title">
  <header><h2 id="metrics-title">Metrics</h2></header>
  <dl>${metrics.map(({ MetricName, Value }) => html`<div><dt class="mono">${MetricName}</dt><dd>${Value?.toFixed(6)}</dd></div>`)}</dl>
</section>`
}`,
  );
}

function stopForm(name: string, token: string): Markup {
  return html`<form method="post" action="stop-training"><input type="hidden" name="token" value="${token}">
    <input type="hidden" name="name" value="${name}">
    <div class="actions"><button type="submit">Stop training</button></div></form>`;
}

function deployPanel(name: string, token: string, endpointName: string): Markup {
  return html`<section class="panel" id="deploy" aria-labelledby="deploy-title">
  <header><h2 id="deploy-title">Deploy</h2></header>
  <p class="quiet">Creates a model from the artefact and an endpoint configuration with data capture, then deploys both to the endpoint. If the endpoint exists, you are asked before its model is replaced; it keeps responding in the meantime.</p>
  <form method="post" action="deploy"><input type="hidden" name="token" value="${token}">
    <input type="hidden" name="name" value="${name}">
    <div class="fields"><div class="field"><label for="endpoint">Endpoint name</label>
      <input id="endpoint" name="endpoint" required maxlength="40" pattern="[a-zA-Z0-9](-*[a-zA-Z0-9])*" value="${endpointName}"
        aria-describedby="endpoint-hint"><p class="hint" id="endpoint-hint">Letters, digits and hyphens, at most 40</p></div></div>
    <button type="submit">Deploy</button></form>
</section>`;
}
