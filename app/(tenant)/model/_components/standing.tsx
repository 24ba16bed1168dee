import { Notice } from '@/components/ui/notice';
import type { TenantContext } from '@/lib/domain/context';
import type { ModelVersion } from '@/lib/domain/models/ports';
import { checkActiveEndpoint } from '@/lib/domain/models/verbs/check-active-endpoint';
import { ReturnButton, VersionsForm } from './versions-form';

/** What is wrong with the endpoint of the model in use, if anything is. Asks SageMaker. */
export async function Standing({
  context,
  active,
}: {
  readonly context: TenantContext;
  readonly active: ModelVersion | null;
}) {
  if (!active) return null;
  const standing = await checkActiveEndpoint(context, undefined);
  const { version, endpointName } = active;
  switch (standing.state) {
    case 'gone':
      return (
        <Notice tone="failed" title={`The endpoint of version ${version} no longer exists`}>
          SageMaker no longer has an endpoint named {endpointName}. The built-in model scores customers until
          the endpoint is back or you activate another one.
        </Notice>
      );
    case 'not in service':
      return (
        <Notice tone="failed" title={`The endpoint of version ${version} is not in service`}>
          SageMaker reports {endpointName} as {standing.status}. The built-in model scores customers while the
          endpoint does not respond.
        </Notice>
      );
    case 'in service':
      return standing.reason ? (
        <Notice tone="warning" title={`SageMaker’s last change of ${endpointName} failed`}>
          {standing.reason} The endpoint still serves version {version}.
        </Notice>
      ) : null;
    case 'another model':
      return (
        <Notice
          tone="failed"
          title={`The endpoint no longer serves version ${version}`}
          actions={
            standing.status === 'InService' ? (
              <VersionsForm>
                <ReturnButton version={version} label="Deploy again" />
              </VersionsForm>
            ) : null
          }
        >
          {standing.reason} The built-in model scores customers until the endpoint serves this version again,
          or you test and activate another endpoint.
        </Notice>
      );
    default:
      return null;
  }
}
