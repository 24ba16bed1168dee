/** The last part of CloudFormation's `ResourceLogicalId:…, ResourceType:…, ResourceStatusReason:…`, which is readable. */
export function plainReason(reason: string | undefined): string | undefined {
  return reason?.replace(/^.*ResourceStatusReason:\s*/s, '').replace(/\.+$/, '.');
}
