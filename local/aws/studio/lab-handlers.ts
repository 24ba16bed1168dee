import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  DeleteEndpointCommand,
  DescribeTrainingJobCommand,
  type DescribeTrainingJobResponse,
  StopTrainingJobCommand,
} from '@aws-sdk/client-sagemaker';
import { formToken, readForm } from './forms';
import { currentConfig, deployJob, freeEndpointName } from './lab/deploy';
import type { Lab } from './lab/lab';
import { algorithmNamed, algorithms, freshName, startTraining } from './lab/train';
import { endpointsPage } from './pages/endpoints';
import { messagePage } from './pages/home';
import { seeOther, sendPage } from './pages/html';
import { replacePage } from './pages/replace';
import type { Shell } from './pages/shell';
import { jobPage, jobPath, trainingPage, trainPage } from './pages/training';

/** Somebody who is signed in, at a page of training or hosting. */
export interface LabVisit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly cookie: string;
  readonly shell: Shell;
  readonly lab: Lab;
}

type Handler = (visit: LabVisit) => Promise<void>;

/** Pages and forms of training and hosting, by method and place. */
export const labHandlers: Readonly<Record<string, Handler>> = {
  'GET training': showTraining,
  'GET train': showTrain,
  'POST train': train,
  'GET training-job': (visit) => showJob(visit, null),
  'POST stop-training': stopTraining,
  'POST deploy': deploy,
  'GET endpoints': (visit) => showEndpoints(visit, null),
  'POST delete-endpoint': deleteEndpoint,
};

const refreshSeconds = 3;

/** The header does what a meta element would, and a reader can do without it. */
const refreshHeader = (updating: boolean): Record<string, string> =>
  updating ? { Refresh: String(refreshSeconds) } : {};

const wantsUpdates = ({ url }: LabVisit): boolean => !url.searchParams.has('still');

async function showTraining(visit: LabVisit): Promise<void> {
  const { lab, shell, response } = visit;
  const [{ extracts, more }, jobs] = await Promise.all([lab.extracts(), lab.jobs()]);
  const running = jobs.some(({ TrainingJobStatus = '' }) =>
    /^(InProgress|Stopping)$/.test(TrainingJobStatus),
  );
  const updating = wantsUpdates(visit);
  sendPage(
    response,
    200,
    trainingPage(shell, { extracts, more, jobs, updating }),
    refreshHeader(updating && running),
  );
}

async function chosenExtract({ lab, url }: LabVisit) {
  const id = url.searchParams.get('extract');
  const { extracts } = await lab.extracts();
  return extracts.find((extract) => extract.id === id && extract.format === 'xgboost');
}

async function showTrain(visit: LabVisit): Promise<void> {
  const { shell, response, url, cookie } = visit;
  const extract = await chosenExtract(visit);
  if (!extract) return gone(response, 'Extract not found', 'training');
  const algorithm = algorithmNamed(url.searchParams.get('algorithm'));
  const values = { name: freshName(`churn-${algorithm}`, new Date()) };
  const page = trainPage(shell, { extract, algorithm, values, token: formToken(cookie), problem: null });
  sendPage(response, 200, page);
}

async function train(visit: LabVisit): Promise<void> {
  const { shell, response, url, cookie, lab } = visit;
  const form = await ownForm(visit);
  if (!form) return;
  const extract = await chosenExtract(visit);
  if (!extract) return gone(response, 'Extract not found', 'training');
  const algorithm = algorithmNamed(url.searchParams.get('algorithm'));
  const problem = await answerOf(() => startTraining(lab, shell.region, extract, algorithm, form));
  if (problem === null) return seeOther(response, jobPath(form.get('name')?.trim() ?? ''));
  const names = ['name', ...algorithms[algorithm].fields.map(({ name }) => name)];
  const values = Object.fromEntries(names.map((name) => [name, form.get(name) ?? '']));
  sendPage(
    response,
    400,
    trainPage(shell, { extract, algorithm, values, token: formToken(cookie), problem }),
  );
}

async function findJob({ lab }: LabVisit, name: string): Promise<DescribeTrainingJobResponse | null> {
  const asked = lab.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
  return asked.catch((error: Error) => {
    if (error.name === 'ValidationException') return null;
    throw error;
  });
}

async function showJob(visit: LabVisit, problem: string | null, form?: URLSearchParams): Promise<void> {
  const { shell, response, url, cookie } = visit;
  const job = await findJob(visit, form?.get('name') ?? url.searchParams.get('name') ?? '');
  if (!job) return gone(response, 'Training job not found', 'training');
  const updating = wantsUpdates(visit) && problem === null;
  const running = /^(InProgress|Stopping)$/.test(job.TrainingJobStatus ?? '');
  const endpointName = form?.get('endpoint') ?? (await freeEndpointName(visit.lab));
  const page = jobPage(shell, { job, token: formToken(cookie), updating, endpointName, problem });
  sendPage(response, problem === null ? 200 : 400, page, refreshHeader(updating && running));
}

async function stopTraining(visit: LabVisit): Promise<void> {
  const form = await ownForm(visit);
  if (!form) return;
  const TrainingJobName = form.get('name') ?? '';
  const problem = await answerOf(() =>
    visit.lab.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName })),
  );
  if (problem === null) return seeOther(visit.response, jobPath(TrainingJobName));
  await showJob(visit, problem, form);
}

async function deploy(visit: LabVisit): Promise<void> {
  const form = await ownForm(visit);
  if (!form) return;
  const endpoint = form.get('endpoint')?.trim() ?? '';
  if (!/^[a-zA-Z0-9](-*[a-zA-Z0-9])*$/.test(endpoint) || endpoint.length > 40) {
    const rule =
      'An endpoint name has at most 40 letters, digits and hyphens. It starts and ends with a letter or digit.';
    return showJob(visit, rule, form);
  }
  const job = form.get('name') ?? '';
  const replaced = await currentConfig(visit.lab, endpoint);
  // Asked again where the endpoint has got another model since it was asked.
  if (replaced !== null && form.get('replaces') !== replaced) {
    const asked = { job, endpoint, replaced, token: formToken(visit.cookie) };
    return sendPage(visit.response, 409, replacePage(visit.shell, asked));
  }
  const problem = await answerOf(() => deployJob(visit.lab, job, endpoint, replaced !== null));
  if (problem === null) return seeOther(visit.response, 'endpoints');
  await showJob(visit, problem, form);
}

async function showEndpoints(visit: LabVisit, problem: string | null): Promise<void> {
  const { lab, shell, response, cookie } = visit;
  const [endpoints, models] = await Promise.all([lab.endpoints(), lab.models()]);
  const running = endpoints.some(({ EndpointStatus = '' }) => EndpointStatus.endsWith('ing'));
  const updating = wantsUpdates(visit) && problem === null;
  const page = endpointsPage(shell, { endpoints, models, token: formToken(cookie), updating, problem });
  sendPage(response, problem === null ? 200 : 400, page, refreshHeader(updating && running));
}

async function deleteEndpoint(visit: LabVisit): Promise<void> {
  const form = await ownForm(visit);
  if (!form) return;
  const EndpointName = form.get('name') ?? '';
  const problem = await answerOf(() => visit.lab.sagemaker.send(new DeleteEndpointCommand({ EndpointName })));
  if (problem === null) return seeOther(visit.response, 'endpoints');
  await showEndpoints(visit, problem);
}

/** The form, when it is this session's own; answers itself, and returns null, when it is not. */
async function ownForm({ request, response, cookie }: LabVisit): Promise<URLSearchParams | null> {
  const form = await readForm(request, cookie);
  if (form) return form;
  const texts = [
    'Studio accepts this only from its own pages. Nothing was changed.',
    'Reload the page, then try again.',
  ];
  sendPage(response, 403, messagePage('This request came from another page', texts));
  return null;
}

/** Null once it is done, or SageMaker's refusal. Rethrows unexpected errors. */
async function answerOf(task: () => Promise<unknown>): Promise<string | null> {
  try {
    await task();
    return null;
  } catch (error) {
    const { $fault, message } = error as { $fault?: string; message: string };
    if ($fault === 'client') return message;
    throw error;
  }
}

function gone(response: ServerResponse, title: string, back: string): void {
  sendPage(response, 404, messagePage(title, [`Go back to ${back}.`]));
}
