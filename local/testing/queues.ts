import { world } from '../world';

/** Names of the queues in the portal's account of a test's AWS. */
export const queues = {
  jobs: world.jobsQueue,
  jobsDeadLetters: world.jobsDeadLetterQueue,
  events: world.eventsQueue,
  eventsDeadLetters: world.eventsDeadLetterQueue,
};

/** Where the AWS at `origin` has that queue. */
export const queueUrlOf = (origin: string, name: string): string =>
  `${origin}/${world.portalAccountId}/${name}`;
