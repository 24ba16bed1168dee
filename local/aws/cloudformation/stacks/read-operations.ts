import type { Caller, Operation, StandIn } from '@/local/aws/core/service';
import { optionalText } from '@/local/aws/wire/rpc-input';
import { pageOf } from '@/local/aws/wire/rpc-page';
import { capabilitiesOf } from './changes';
import type { StackRecord, StackStore } from './records';
import { invalid, parseTemplate } from './template';
import { eventView, resourcesView, stackView, summaryView } from './views';

type Input = Readonly<Record<string, unknown>>;

interface Reading {
  readonly standIn: StandIn;
  readonly store: StackStore;
  /** The stack that the input names. Throws when there is none, and for a caller who may not do `action`. */
  found(input: Input, caller: Caller, action: string): Promise<StackRecord>;
  /** The template that the input has or names. */
  templateIn(input: Input, caller: Caller, before: string | null): Promise<string>;
}

/** What tells of stacks and changes none. */
export const readOperations = ({
  standIn,
  store,
  found,
  templateIn,
}: Reading): Readonly<Record<string, Operation>> => ({
  async DescribeStacks(input, caller) {
    if (optionalText(input, 'StackName') !== undefined) {
      const stack = await found(input, caller, 'DescribeStacks');
      return { Stacks: [stackView(stack, parseTemplate(stack.template))] };
    }
    standIn.authorize(caller, 'cloudformation:DescribeStacks', '*');
    const all = (await store.list(caller.accountId)).filter(({ deletedAt }) => deletedAt === null);
    const { items, next } = page(all, ({ stackId }) => stackId, input);
    return {
      Stacks: items.map((stack) => stackView(stack, parseTemplate(stack.template))),
      NextToken: next,
    };
  },
  async DescribeStackEvents(input, caller) {
    const stack = await found(input, caller, 'DescribeStackEvents');
    const { items, next } = page(await store.events(stack), ({ id }) => id, input);
    return { StackEvents: items.map((event) => eventView(stack, event)), NextToken: next };
  },
  async ListStackResources(input, caller) {
    return { StackResourceSummaries: resourcesView(await found(input, caller, 'ListStackResources')) };
  },
  async GetTemplate(input, caller) {
    const { template } = await found(input, caller, 'GetTemplate');
    return { TemplateBody: template, StagesAvailable: ['Original', 'Processed'] };
  },
  async GetTemplateSummary(input, caller) {
    const named = optionalText(input, 'StackName') !== undefined;
    if (!named) standIn.authorize(caller, 'cloudformation:GetTemplateSummary', '*');
    const text = named
      ? (await found(input, caller, 'GetTemplateSummary')).template
      : await templateIn(input, caller, null);
    const template = parseTemplate(text);
    return summaryView(template, capabilitiesOf(template));
  },
});

const page = <T>(all: readonly T[], keyOf: (item: T) => string, input: Input) =>
  pageOf(all, keyOf, optionalText(input, 'NextToken'), 100, () => invalid('NextToken is invalid.'));
