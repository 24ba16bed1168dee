import { AwsError, type Caller, type Operation, type StandIn } from '@/local/aws/core/service';
import { forms, optionalForm, wholeWithin } from '../shared/input';
import { idleAppTypes } from './idle-settings';
import { authorizedNames, neededInService, neededProfile } from './profiles';
import { issueToken, type Landing } from './sign-in-tokens';
import { isOpenTo, neededSpace } from './space';

type Input = Record<string, unknown>;

const landingForm = '(studio:|app:(JupyterServer|JupyterLab|RStudioServerPro|CodeEditor|Canvas)):.*';

/** `CreatePresignedDomainUrl`: the URL that signs a user profile in, and where in Studio it leads. */
export function createPresignedDomainUrl(standIn: StandIn): Operation {
  return async (input, caller) => {
    const { domainId, name } = authorizedNames(standIn, input, caller, 'CreatePresignedDomainUrl');
    const sessionSeconds = wholeWithin(input, 'SessionExpirationDurationInSeconds', 1800, 43_200, 43_200);
    const expiresInSeconds = wholeWithin(input, 'ExpiresInSeconds', 5, 300, 300);
    const wanted = appOfInput(input);
    const space = optionalForm(input, 'SpaceName', forms.name);
    await neededInService(standIn, caller, domainId);
    const profile = await neededProfile(standIn, caller, domainId, name);
    if (profile.status !== 'InService') {
      throw new AwsError(
        'ValidationException',
        `User Profile ${name} is ${profile.status}; it must be InService.`,
      );
    }
    const landing =
      space === undefined ? wanted : await landingIn(standIn, caller, { domainId, name, space, wanted });
    const grant = { accountId: caller.accountId, domainId, profile: name };
    const token = await issueToken(standIn, grant, expiresInSeconds, sessionSeconds, landing);
    return { AuthorizedUrl: `${standIn.studioOrigin}/studio/${domainId}/auth?token=${token}` };
  };
}

/** The app that `LandingUri` names; null: Studio's home. Throws ValidationException. */
function appOfInput(input: Input): Landing | null {
  const uri = optionalForm(input, 'LandingUri', landingForm, 1023);
  const [, type] = /^app:([A-Za-z]+):/.exec(uri ?? '') ?? [];
  if (type === undefined) return null;
  const offered = idleAppTypes.find((each) => each === type);
  if (offered !== undefined) return { type: offered };
  throw new AwsError('ValidationException', `Apps of the type ${type} are not available in this domain.`);
}

/** The app in a space that the profile may open. Without an app in `LandingUri`, that of the space. */
async function landingIn(
  standIn: StandIn,
  { accountId }: Caller,
  {
    domainId,
    name,
    space,
    wanted,
  }: Readonly<Record<'domainId' | 'name' | 'space', string>> & {
    readonly wanted: Landing | null;
  },
): Promise<Landing> {
  const found = await neededSpace(standIn, accountId, domainId, space);
  if (!isOpenTo(found, name)) {
    throw new AwsError('ValidationException', `Space ${space} is private to another user profile.`);
  }
  if (found.status !== 'InService') {
    throw new AwsError('ValidationException', `Space ${space} is ${found.status}; it must be InService.`);
  }
  const type = found.appType ?? wanted?.type ?? 'JupyterLab';
  if (wanted !== null && wanted.type !== type) {
    throw new AwsError('ValidationException', `Space ${space} is for apps of the type ${type}.`);
  }
  return { type, space };
}
