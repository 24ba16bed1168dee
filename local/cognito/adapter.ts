import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';
import type { StateStore } from '../aws/core/service';

interface Kept {
  readonly payload: AdapterPayload;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

const models = ['Session', 'Interaction', 'Grant', 'AuthorizationCode', 'AccessToken', 'RefreshToken'];
const ofGrant = new Set(['AuthorizationCode', 'AccessToken', 'RefreshToken']);
const never = Number.MAX_SAFE_INTEGER;

const collectionOf = (model: string): string => `cognito.oidc.${model}`;
const uids = 'cognito.oidc.uid';

/**
 * Keeps the hosted UI's sessions, codes, grants and refresh tokens in the stand-in's state, so that they survive a
 * restart. A refresh token that was rotated works for `retryGraceSeconds` more.
 */
export function createAdapter(state: StateStore, retryGraceSeconds: number): AdapterFactory {
  return (model) => new StateAdapter(state, model, model === 'RefreshToken' ? retryGraceSeconds : 0);
}

class StateAdapter implements Adapter {
  readonly #collection: string;

  constructor(
    private readonly state: StateStore,
    private readonly model: string,
    private readonly graceSeconds: number,
  ) {
    this.#collection = collectionOf(model);
  }

  async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    const expiresAt = expiresIn === undefined ? never : Date.now() + expiresIn * 1000;
    await this.state.put<Kept>(this.#collection, id, { payload, expiresAt });
    if (this.model === 'Session' && payload.uid !== undefined) await this.state.put(uids, payload.uid, id);
    if (ofGrant.has(this.model) && payload.grantId !== undefined) {
      await this.state.put(`${this.#collection}.grant`, `${payload.grantId} ${id}`, id);
    }
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const kept = await this.state.get<Kept>(this.#collection, id);
    if (!kept || kept.expiresAt <= Date.now()) return undefined;
    const { consumed, ...payload } = kept.payload;
    const inGrace = typeof consumed === 'number' && Date.now() / 1000 < consumed + this.graceSeconds;
    return inGrace ? payload : kept.payload;
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    const id = await this.state.get<string>(uids, uid);
    return id === undefined ? undefined : this.find(id);
  }

  async findByUserCode(): Promise<undefined> {
    return undefined;
  }

  async consume(id: string): Promise<void> {
    const kept = await this.state.get<Kept>(this.#collection, id);
    // A second use does not lengthen the grace.
    if (!kept || kept.payload.consumed !== undefined) return;
    const payload = { ...kept.payload, consumed: Math.floor(Date.now() / 1000) };
    await this.state.put<Kept>(this.#collection, id, { ...kept, payload });
  }

  async destroy(id: string): Promise<void> {
    await destroy(this.state, this.model, id);
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const [, id] of await this.state.list<string>(`${this.#collection}.grant`, {
      prefix: `${grantId} `,
    })) {
      await this.destroy(id);
    }
  }
}

/** Ends all sessions and refresh tokens of one user, in every browser. */
export async function signOutEverywhere(state: StateStore, sub: string): Promise<void> {
  await destroyWhere(state, ({ payload }) => payload.accountId === sub);
}

/** Removes expired entries. */
export async function removeExpired(state: StateStore): Promise<void> {
  await destroyWhere(state, ({ expiresAt }) => expiresAt <= Date.now());
}

async function destroyWhere(state: StateStore, matches: (kept: Kept) => boolean): Promise<void> {
  for (const model of models) {
    for (const [id, kept] of await state.list<Kept>(collectionOf(model))) {
      if (matches(kept)) await destroy(state, model, id);
    }
  }
}

async function destroy(state: StateStore, model: string, id: string): Promise<void> {
  const kept = await state.get<Kept>(collectionOf(model), id);
  if (!kept) return;
  const { uid, grantId } = kept.payload;
  if (model === 'Session' && uid !== undefined) await state.delete(uids, uid);
  if (grantId !== undefined) await state.delete(`${collectionOf(model)}.grant`, `${grantId} ${id}`);
  await state.delete(collectionOf(model), id);
}
