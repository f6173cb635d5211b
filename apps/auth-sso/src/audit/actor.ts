import type { IdentityAct } from './identity-audit.ts';

/** Who did something, as it is written down. */
export type Actor = IdentityAct['actor'];

const person = /^user\/([\da-f-]{36})$/;

/**
 * Who asked for a change: the client that called, or whom it says that it calls for, which services of ours alone can,
 * as nobody else is given a token for this service.
 */
export function actorOf(client: string, onBehalfOf: string | undefined): Actor {
  const name = onBehalfOf === undefined || onBehalfOf.length > 255 ? client : onBehalfOf;
  const personId = person.exec(name)?.[1];
  return personId === undefined ? { kind: 'client', id: name } : { kind: 'person', id: personId };
}
