import { GetQueueUrlCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { awsNames } from '@/local/aws-names';
import { type AwsAccess, sqsClient } from './test-aws';

/** The answer of `POST /_annex/marketplace/subscribe`, `amend`, `renew` and `end` to a program. */
export interface Agreed {
  readonly agreement: {
    readonly id: string;
    readonly productCode: string;
    readonly licenseArn: string;
    readonly customerIdentifier: string;
  };
  /** Registration token. */
  readonly token: string;
  readonly fulfilmentUrl: string;
}

/** A product as programs see it. */
export interface SoldProduct {
  readonly id: string;
  readonly code: string;
  readonly title: string;
  readonly modelPackageArn: string;
}

/** What tests do on AWS Marketplace in place of sellers and buyers. */
export function marketplaceSteps(aws: AwsAccess) {
  const at = (path: string) => `${aws.origin}/_annex/marketplace/${path}`;
  async function json<T>(answer: Response): Promise<T> {
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }
  return {
    /** Sends one of the page's forms as a program. Rejects with status and text. */
    act: async (
      action: 'subscribe' | 'amend' | 'renew' | 'end',
      fields: Readonly<Record<string, string>>,
    ): Promise<Agreed> =>
      json(await fetch(at(action), { method: 'POST', body: new URLSearchParams(fields) })),
    addProduct: async (product: object): Promise<SoldProduct> =>
      json(await fetch(at('products'), { method: 'POST', body: JSON.stringify(product) })),
    async product(title: string): Promise<SoldProduct> {
      const { products } = await json<{ products: SoldProduct[] }>(await fetch(at('products')));
      const found = products.find((product) => product.title === title);
      if (!found) throw new Error(`There is no ${title}.`);
      return found;
    },
    async usage(): Promise<readonly Record<string, unknown>[]> {
      return (await json<{ records: Record<string, unknown>[] }>(await fetch(at('usage')))).records;
    },
    /** The next `count` messages of the queue, in the order in which they came. */
    async events(count: number): Promise<readonly Record<string, unknown>[]> {
      const sqs = sqsClient(aws, aws.portal);
      const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: awsNames.eventsQueue }));
      const bodies: string[] = [];
      while (bodies.length < count) {
        const asked = { QueueUrl, MaxNumberOfMessages: 1, WaitTimeSeconds: 5, VisibilityTimeout: 600 };
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(asked));
        if (Messages.length === 0) throw new Error(`There are ${bodies.length} messages of ${count}.`);
        bodies.push(...Messages.map(({ Body = '' }) => Body));
      }
      return bodies.map((body) => JSON.parse(body) as Record<string, unknown>);
    },
  };
}
