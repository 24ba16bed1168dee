import type { ChangeSetRecord, StackEvent, StackRecord } from './records';
import type { Template } from './template';

const tagsView = (tags: Readonly<Record<string, string>>): object[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

const parametersView = (template: Template, values: Readonly<Record<string, string>>): object[] =>
  Object.entries(values).map(([ParameterKey, value]) => ({
    ParameterKey,
    ParameterValue: template.parameters[ParameterKey]?.noEcho ? '****' : value,
  }));

/** `Stack` */
export function stackView(stack: StackRecord, template: Template): object {
  return {
    StackId: stack.stackId,
    StackName: stack.name,
    Description: template.description,
    Parameters: parametersView(template, stack.parameters),
    CreationTime: stack.createdAt,
    LastUpdatedTime: stack.updatedAt,
    DeletionTime: stack.deletedAt,
    RollbackConfiguration: {},
    StackStatus: stack.status,
    StackStatusReason: stack.reason,
    DisableRollback: false,
    NotificationARNs: [],
    Capabilities: stack.capabilities,
    Outputs: stack.outputs.map(({ key, value, description }) => ({
      OutputKey: key,
      OutputValue: value,
      Description: description,
    })),
    Tags: tagsView(stack.tags),
    EnableTerminationProtection: false,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
}

/** `StackEvent` */
export const eventView = (stack: StackRecord, event: StackEvent): object => ({
  StackId: stack.stackId,
  EventId: event.id,
  StackName: stack.name,
  LogicalResourceId: event.logicalId,
  PhysicalResourceId: event.physicalId,
  ResourceType: event.type,
  Timestamp: event.at,
  ResourceStatus: event.status,
  ResourceStatusReason: event.reason,
});

/** `StackResourceSummary` of each resource. */
export const resourcesView = (stack: StackRecord): object[] =>
  Object.values(stack.resources).map((resource) => ({
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.type,
    LastUpdatedTimestamp: resource.updatedAt,
    ResourceStatus: resource.status,
    ResourceStatusReason: resource.reason,
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  }));

/** The answer of `DescribeChangeSet`. */
export function changeSetView(set: ChangeSetRecord, stack: StackRecord, template: Template): object {
  return {
    ChangeSetName: set.name,
    ChangeSetId: set.id,
    StackId: stack.stackId,
    StackName: stack.name,
    Description: set.description,
    Parameters: parametersView(template, set.blueprint.parameters),
    CreationTime: set.createdAt,
    ExecutionStatus: set.executed ? 'EXECUTE_COMPLETE' : set.reason === null ? 'AVAILABLE' : 'UNAVAILABLE',
    Status: set.reason === null ? 'CREATE_COMPLETE' : 'FAILED',
    StatusReason: set.reason,
    NotificationARNs: [],
    Capabilities: set.blueprint.capabilities,
    Tags: tagsView(set.blueprint.tags),
    Changes: set.changes.map((change) => ({
      Type: 'Resource',
      ResourceChange: {
        Action: change.action,
        LogicalResourceId: change.logicalId,
        PhysicalResourceId: change.physicalId,
        ResourceType: change.type,
        Scope: [],
        Details: [],
      },
    })),
  };
}

/** What a template asks for: the answer of `GetTemplateSummary`. */
export function summaryView(template: Template, capabilities: readonly string[]): object {
  return {
    Parameters: Object.entries(template.parameters).map(([ParameterKey, parameter]) => ({
      ParameterKey,
      DefaultValue: parameter.standard,
      ParameterType: parameter.type,
      NoEcho: parameter.noEcho,
      Description: parameter.description,
      ParameterConstraints: Array.isArray(parameter.rules.AllowedValues)
        ? { AllowedValues: parameter.rules.AllowedValues }
        : {},
    })),
    Description: template.description,
    Capabilities: capabilities,
    CapabilitiesReason:
      capabilities.length > 0
        ? 'The following resource(s) require capabilities: [AWS::IAM::Role]'
        : undefined,
    ResourceTypes: [...new Set(Object.values(template.resources).map(({ type }) => type))],
    Version: '2010-09-09',
  };
}
