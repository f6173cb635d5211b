import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { Answer as Answered } from '../../api/api-client.ts';
import { ApiProblem } from '../../api/api-problem.ts';
import { api } from '../../app/hub.ts';
import { Answer } from '../../ui/answer.tsx';
import { Failed } from '../../ui/failed.tsx';
import { Nothing } from '../../ui/nothing.tsx';
import { draftOf, draftOfRules, type Mapping } from './mapping-draft.ts';
import { mappingKey, useVersions, type MappingTarget } from './mapping-queries.ts';
import { VersionEntry } from './version-entry.tsx';

interface VersionListProps {
  readonly target: MappingTarget;
  readonly latest: Answered<Mapping>;
  readonly barredBecause: string | undefined;
}

/** All that was saved of a mapping, the latest first, down to the defaults; each can be made to hold again, if nobody changes the mapping meanwhile. */
export function VersionList({ target, latest: { data: mapping, etag }, barredBecause }: VersionListProps): ReactElement {
  const versions = useVersions(target, mapping.versions[0]?.version ?? 0);
  const queries = useQueryClient();
  const rollBack = useMutation({
    mutationFn: (version: number) => api.call('POST /v1/connections/{id}/mappings/{object}/roll-back', { path: target, body: { version }, ifMatch: etag }),
    onSuccess: (answer) => queries.setQueryData(mappingKey(target), answer),
    onError: async (problem) => {
      if (problem instanceof ApiProblem && problem.status === 412) await queries.invalidateQueries({ queryKey: mappingKey(target) });
    },
  });
  const shared = { active: mapping.version, now: draftOf(mapping), barredBecause, isPending: rollBack.isPending, onRollBack: (version: number) => rollBack.mutate(version) };
  return (
    <section aria-labelledby="versions">
      <h2 id="versions">Versions</h2>
      {rollBack.error !== null && <Failed problem={rollBack.error} />}
      {mapping.versions.length === 0 ? <Nothing title="No version was saved yet.">The defaults hold. Each time that this mapping is saved, what it said before stays here, and one can go back to it.</Nothing> : (
        <Answer query={versions} what="versions">
          {({ pages }) => {
            const saved = pages.flatMap(({ items }) => items);
            return (
              <>
                <ol className="versions">
                  {saved.map(({ version, savedBy, savedAt, ...rules }, index) => {
                    const before = version === 1 ? { fields: [], off: [] } : saved[index + 1];
                    return <li key={version}><VersionEntry {...shared} version={version} saved={{ savedBy, savedAt }} says={draftOfRules(rules)} before={before && draftOfRules(before)} /></li>;
                  })}
                  {!versions.hasNextPage && <li><VersionEntry {...shared} version={0} says={{}} before={undefined} /></li>}
                </ol>
                {versions.hasNextPage && <p><button type="button" aria-disabled={versions.isFetchingNextPage} onClick={() => { if (!versions.isFetchingNextPage) void versions.fetchNextPage(); }}>Show older versions</button></p>}
              </>
            );
          }}
        </Answer>
      )}
    </section>
  );
}
