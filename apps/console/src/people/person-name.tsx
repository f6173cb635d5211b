import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { ApiProblem } from '../api/api-problem.ts';
import { useCaller } from '../app/caller.ts';
import { api } from '../app/hub.ts';

/**
 * Who did something, by the name that the tenant's people know: what is written down of an act names its actor by id alone, so that nobody's name outlives the person.
 * The id is one as the hub gives them (`user/…`, `operator/…`, that of a key or a service).
 */
export function PersonName({ of: actor }: { readonly of: string }): ReactElement {
  const [kind, personId] = splitActor(actor);
  const mayLookUp = useCaller()?.scopes.includes('identity:read') === true;
  const { data: name } = useQuery({
    queryKey: ['people', personId], enabled: kind === 'user' && mayLookUp, staleTime: 300_000,
    queryFn: async ({ signal }) => api.call('GET /v1/identity/people/{personId}', { path: { personId }, signal }).then(
      ({ data: { displayName, userName } }) => displayName ?? userName,
      (problem: unknown) => {
        if (problem instanceof ApiProblem && problem.status === 404) return 'somebody who is no longer here';
        throw problem;
      }),
  });
  return <span title={actor}>{nameOf(kind, actor, name)}</span>;
}

function splitActor(actor: string): readonly [kind: string, id: string] {
  const at = actor.indexOf('/');
  return at === -1 ? ['', actor] : [actor.slice(0, at), actor.slice(at + 1)];
}

function nameOf(kind: string, actor: string, name: string | undefined): string {
  if (kind === 'user') return name ?? 'somebody of your tenant';
  return kind === 'operator' ? 'an operator' : actor;
}
