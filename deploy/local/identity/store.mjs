// Where the provider keeps sign-ins: in memory, so a restart signs everybody out and nothing else is lost.

const entries = new Map();

function dropExpired() {
  const now = Date.now();
  for (const [key, { expiresAt }] of entries) {
    if (expiresAt <= now) entries.delete(key);
  }
}

function payloadAt(key) {
  const entry = entries.get(key);
  return entry && entry.expiresAt > Date.now() ? entry.payload : undefined;
}

// The methods are those that oidc-provider asks of an adapter.
export class MemoryStore {
  constructor(model) {
    this.model = model;
  }

  key(id) {
    return `${this.model}:${id}`;
  }

  async upsert(id, payload, expiresIn) {
    dropExpired();
    const expiresAt = expiresIn ? Date.now() + expiresIn * 1000 : Infinity;
    entries.set(this.key(id), { payload, expiresAt });
  }

  async find(id) {
    return payloadAt(this.key(id));
  }

  async findByUid(uid) {
    for (const [key, { payload }] of entries) {
      if (key.startsWith(`${this.model}:`) && payload.uid === uid) return payloadAt(key);
    }
    return undefined;
  }

  async consume(id) {
    payloadAt(this.key(id)).consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id) {
    entries.delete(this.key(id));
  }

  async revokeByGrantId(grantId) {
    for (const [key, { payload }] of entries) {
      if (payload.grantId === grantId) entries.delete(key);
    }
  }
}
