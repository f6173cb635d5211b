/** Makes the pair's tables. `DATABASE_ADMIN_URL` is the database; `ACCEPT_URL` and `EFFECT_URL` bear the roles to be made. */
import { migrate } from '@crossdock/service-kit';
import { CreateAcceptances1763700000901 } from './create-acceptances.ts';
import { CreateEffects1763700000902 } from './create-effects.ts';

const adminUrl = urlOf('DATABASE_ADMIN_URL');
const accept = new URL(urlOf('ACCEPT_URL'));
const effect = new URL(urlOf('EFFECT_URL'));
await migrate({
  name: 'gateway', adminUrl, role: accept.username, password: accept.password,
  schemas: [{ name: 'gateway', migrations: [CreateAcceptances1763700000901] }],
});
await migrate({
  name: 'orders', adminUrl, role: effect.username, password: effect.password,
  schemas: [{ name: 'orders', migrations: [CreateEffects1763700000902] }],
});

function urlOf(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`${variable} is not set.`);
  return value;
}
