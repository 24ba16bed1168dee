import { awsNames } from '../aws-names';

/** Names of the queues in the portal's account of a test's AWS. */
export const queues = {
  jobs: awsNames.jobsQueue,
  jobsDeadLetters: awsNames.jobsDeadLetterQueue,
  events: awsNames.eventsQueue,
  eventsDeadLetters: awsNames.eventsDeadLetterQueue,
};

/** URL of that queue in the AWS at `origin`. */
export const queueUrlOf = (origin: string, name: string): string =>
  `${origin}/${awsNames.portalAccountId}/${name}`;
