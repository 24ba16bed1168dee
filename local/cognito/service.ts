import { createServer, type Server } from 'node:http';
import type { JSONWebKeySet, JWK } from 'jose';
import type { RpcService, StandIn } from '../aws/core/service';
import { awsNames } from '../aws-names';
import { removeExpired } from './adapter';
import { createAttempts } from './attempts';
import { createChallenges } from './challenges';
import { seedDemoUsers } from './demo-users';
import { hostedUiHandler } from './hosted-ui';
import { idpOperations } from './idp-operations';
import { createMessages } from './messages';
import { createProvider, type RefreshTokenRotation } from './oidc';
import { poolSecrets } from './secrets';
import { createSignUpCodes } from './sign-up-codes';
import { signUpOperations } from './sign-up-operations';
import { createUsers, type Users } from './users';

export interface CognitoOptions {
  /** Loopback port of the hosted UI and the issuer. */
  readonly port: number;
  /** Folder of the pool's client secret, signing key and cookie key. */
  readonly dir: string;
  /** Origins of the portals that may sign people in, e.g. `http://localhost:3000`. */
  readonly portals: readonly string[];
  /** Password of the demo users, who are created at start; without it there are none. */
  readonly demoPassword?: string;
  /** Lifetime of ID tokens and access tokens, seconds. Default: ANNEX_COGNITO_TOKEN_SECONDS or 15 minutes. */
  readonly tokenSeconds?: number;
  /** Default: none, as in a new Cognito app client. */
  readonly rotation?: RefreshTokenRotation;
  /** The clock of temporary passwords, codes and waits, ms since the epoch. Default: the machine's. */
  readonly now?: () => number;
}

export interface Cognito {
  /** The admin API, which the stand-in serves. */
  readonly service: RpcService;
  readonly users: Users;
  readonly issuer: string;
  /** Starts to listen on 127.0.0.1 and ::1. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** Amazon Cognito's stand-in: one user pool with its admin API, issuer and hosted UI. */
export async function createCognito(standIn: StandIn, options: CognitoOptions): Promise<Cognito> {
  const secrets = await poolSecrets(options.dir);
  const now = options.now ?? Date.now;
  const users = createUsers(standIn.state, now);
  const origin = `http://localhost:${options.port}`;
  const issuer = `${origin}/${awsNames.userPoolId}`;
  const callbackUrls = options.portals.map((portal) => `${portal}/api/auth/callback/cognito`);
  const tokenSeconds = options.tokenSeconds ?? askedTokenSeconds();
  const settings = { issuer, callbackUrls, tokenSeconds, rotation: options.rotation ?? null };
  const handler = hostedUiHandler({
    origin,
    issuer,
    provider: createProvider(settings, secrets, users, standIn.state),
    users,
    attempts: createAttempts(now),
    choices: createAttempts(now),
    challenges: createChallenges(now),
    outbox: () => standIn.services.outbox,
    jwks: publicKeys(secrets.signingKey as JWK),
    callbackUrls,
    logoutUrls: options.portals.flatMap((portal) => [`${portal}/signed-out`, `${portal}/`, portal]),
    log: standIn.log,
  });
  const pool = {
    standIn,
    users,
    codes: createSignUpCodes(standIn.state, now),
    messages: createMessages(standIn, options.portals[0] ?? ''),
    clientSecret: secrets.clientSecret,
  };
  const servers: Server[] = [];

  return {
    users,
    issuer,
    service: {
      name: 'cognito-idp',
      protocol: 'json-1.1',
      operations: idpOperations(pool),
      open: signUpOperations(pool),
    },
    start: async () => {
      await removeExpired(standIn.state);
      if (options.demoPassword) await seedDemoUsers(users, options.demoPassword);
      // `localhost` is ::1 to some clients and 127.0.0.1 to others. A host without IPv6 has only the latter.
      for (const host of ['127.0.0.1', '::1']) {
        const server = createServer(handler);
        if (await listen(server, options.port, host)) servers.push(server);
      }
    },
    stop: async () => {
      await Promise.all(servers.splice(0).map(close));
    },
  };
}

function askedTokenSeconds(): number {
  const asked = Number(process.env.ANNEX_COGNITO_TOKEN_SECONDS ?? 900);
  if (Number.isInteger(asked) && asked > 0) return asked;
  throw new Error('ANNEX_COGNITO_TOKEN_SECONDS must be a whole number of seconds greater than 0.');
}

function publicKeys({ kty, kid, n, e }: JWK): JSONWebKeySet {
  return {
    keys: [{ kty: kty ?? 'RSA', kid: String(kid), n: String(n), e: String(e), alg: 'RS256', use: 'sig' }],
  };
}

function listen(server: Server, port: number, host: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (host === '::1' && (error.code === 'EADDRNOTAVAIL' || error.code === 'EAFNOSUPPORT')) resolve(false);
      else reject(error);
    });
    server.listen({ port, host }, () => resolve(true));
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
