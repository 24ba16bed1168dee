import { html } from '@/local/aws/wire/http/markup';
import { type Shell, shellPage } from './shell';
import { jobPath } from './training';

/** Asks whether the model of a job is to take the place of what the endpoint serves. */
export function replacePage(
  shell: Shell,
  {
    job,
    endpoint,
    replaced,
    token,
  }: {
    readonly job: string;
    readonly endpoint: string;
    /** The configuration that the endpoint has now. */
    readonly replaced: string;
    readonly token: string;
  },
): string {
  return shellPage(
    shell,
    'training',
    html`<section class="panel" aria-labelledby="replace-title">
  <header><h2 id="replace-title">Replace the model of endpoint ${endpoint}?</h2></header>
  <p>An endpoint with this name exists. Nothing has been changed yet.</p>
  <dl>
    <div><dt>Now</dt><dd class="mono">${replaced}</dd></div>
    <div><dt>After</dt><dd>the model of <span class="mono">${job}</span></dd></div>
  </dl>
  <p class="quiet">Whoever calls the endpoint gets the predictions of the new model, and so does Annex if it uses this endpoint.</p>
  <form method="post" action="deploy"><input type="hidden" name="token" value="${token}">
    <input type="hidden" name="name" value="${job}">
    <input type="hidden" name="endpoint" value="${endpoint}">
    <input type="hidden" name="replaces" value="${replaced}">
    <div class="actions"><button type="submit">Replace the model of ${endpoint}</button><a href="${jobPath(job)}">Keep it and choose another name</a></div></form>
</section>`,
  );
}
