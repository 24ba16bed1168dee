import { z } from 'zod';
import {
  deploymentStates,
  deploymentSteps,
  type Subscription,
  standings,
} from '@/lib/domain/marketplace/subscription';
import { storedSteps } from '../core/steps';
import { Prisma } from '../generated/client';

const stepsColumn = storedSteps(deploymentSteps);

export interface SubscriptionRow {
  readonly id: string;
  readonly listingId: string;
  readonly title: string;
  readonly accountId: string;
  readonly licenseArn: string;
  readonly agreementId: string | null;
  readonly standing: string;
  readonly createdAt: Date;
  readonly licensedAt: Date | null;
  readonly endedAt: Date | null;
  readonly deprovisionedAt: Date | null;
  readonly suspendedAt: Date | null;
  readonly suspendedBy: string | null;
  readonly suspendedReason: string | null;
  readonly removedAt: Date | null;
  readonly version: number | null;
  readonly state: string;
  readonly steps: unknown;
  readonly attempt: number;
  readonly revision: number;
  readonly updatedAt: Date;
}

/** The columns of `subscription s`, and the title of `listing l`. */
export const subscriptionColumns = Prisma.sql`s.id, s.listing_id AS "listingId", l.title, s.account_id AS "accountId",
  s.license_arn AS "licenseArn", s.agreement_id AS "agreementId", s.state AS standing, s.created_at AS "createdAt",
  s.licensed_at AS "licensedAt", s.ended_at AS "endedAt", s.deprovisioned_at AS "deprovisionedAt",
  s.suspended_at AS "suspendedAt", s.suspended_by AS "suspendedBy", s.suspended_reason AS "suspendedReason",
  s.removed_at AS "removedAt", s.version, s.deployment AS state, s.steps, s.attempt, s.revision, s.updated_at AS "updatedAt"`;

export function toSubscription(row: SubscriptionRow): Subscription {
  const {
    standing,
    state,
    steps,
    suspendedAt,
    suspendedBy,
    suspendedReason,
    deprovisionedAt,
    endedAt,
    ...rest
  } = row;
  return {
    ...rest,
    endedAt: endedAt ?? deprovisionedAt,
    standing: z.enum(standings).parse(standing),
    state: z.enum(deploymentStates).parse(state),
    steps: stepsColumn.parse(steps),
    suspension:
      suspendedAt && suspendedBy !== null && suspendedReason !== null
        ? { at: suspendedAt, by: suspendedBy, reason: suspendedReason }
        : null,
  };
}
