import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { Answer } from '../../api/api-client.ts';
import { ApiProblem } from '../../api/api-problem.ts';
import { useBar } from '../../app/caller.ts';
import { api } from '../../app/hub.ts';
import { ActButton } from '../../ui/act-button.tsx';
import { barWhileAway } from '../../ui/bar-while-away.ts';
import { Failed } from '../../ui/failed.tsx';
import { Moment } from '../../ui/moment.tsx';
import { useKeptDraft, type KeptDraft } from './kept-draft.ts';
import { draftOf, isSameDraft, mergeDrafts, rulesOf, withChoice, type Choice, type Draft, type Mapping } from './mapping-draft.ts';
import { mappingKey, useCheck, type AccountField, type MappingTarget, type Problem } from './mapping-queries.ts';
import { MappingRow } from './mapping-row.tsx';
import { MappingTrial } from './mapping-trial.tsx';
import { NewField } from './new-field.tsx';
import { Overtaken } from './overtaken.tsx';
import { ProblemList } from './problem-list.tsx';
import { VersionList } from './version-list.tsx';
import { wrongRules } from './wrong-rules.ts';

interface MappingEditorProps {
  readonly target: MappingTarget;
  readonly latest: Answer<Mapping>;
  readonly fields: readonly AccountField[];
  readonly vendorName: string;
  /** Why the hub could not be asked just now; undefined where it answers. */
  readonly away: unknown;
}

/** Changes a mapping; what is typed is checked as it is typed, kept until it is saved, and saved only over the version that it began with. */
export function MappingEditor({ target, latest, fields, vendorName, away }: MappingEditorProps): ReactElement {
  const { data: mapping, etag } = latest;
  const [kept, keep] = useKeptDraft(`${target.id}/${target.object}`);
  const saved = draftOf(mapping);
  const begun: KeptDraft = kept ?? { mine: saved, base: saved, version: mapping.version, etag };
  const draft = begun.mine;
  const isOvertaken = kept !== undefined && kept.version !== mapping.version;
  const change = (mine: Draft): void => keep(!isOvertaken && isSameDraft(mine, begun.base) ? undefined : { ...begun, mine });
  const rules = rulesOf(draft);
  const check = useCheck(target, rules);
  const wrong = wrongRules(check.error, rules);
  const problems = check.data?.problems ?? mapping.problems;
  const effective = check.data?.mapping.fields ?? mapping.fields;
  const save = useSaving(target, { begun, keep });
  const mayWrite = useBar('connections:write');
  const isAway = barWhileAway(away);
  const hasErrors = wrong.size > 0 || problems.some(({ severity }) => severity === 'error');
  const names = [...new Set([...mapping.hubFields.map(({ name }) => name), ...mapping.fields.map(({ canonical }) => canonical), ...Object.keys(draft)])];
  const problemsOf = (canonical: string): ReadonlyArray<Pick<Problem, 'severity' | 'message'> & Partial<Pick<Problem, 'remedy'>>> => {
    const refused = wrong.get(canonical);
    return refused === undefined ? problems.filter((problem) => problem.canonical === canonical) : [{ severity: 'error', message: refused }];
  };
  const savingBar = mayWrite ?? isAway ?? (isOvertaken ? 'Somebody else changed it meanwhile. First look at what differs.' : undefined)
    ?? (kept === undefined ? 'Nothing is changed.' : undefined) ?? (check.isBehind ? 'It is being checked.' : undefined) ?? (hasErrors ? 'First correct the errors.' : undefined);
  return (
    <>
      {isOvertaken && (
        <Overtaken
          mapping={mapping} theirs={saved} draft={kept} onChange={change} onThrowAway={() => keep(undefined)}
          onBringTogether={() => keep({ mine: mergeDrafts({ base: kept.base, mine: kept.mine, theirs: saved }), base: saved, version: mapping.version, etag })}
        />
      )}
      <ProblemList problems={[...problems.filter(({ canonical }) => canonical === undefined || !names.includes(canonical)), ...mapping.drift]} />
      <h2>Fields</h2>
      <ul className="mapping">
        {names.map((canonical) => (
          <MappingRow
            key={canonical} canonical={canonical} hubField={mapping.hubFields.find(({ name }) => name === canonical)} choice={draft[canonical]}
            defaultField={draft[canonical] ? undefined : effective.find((rule) => rule.canonical === canonical)?.field} fields={fields} vendorName={vendorName}
            problems={problemsOf(canonical)} isReadOnly={mayWrite !== undefined} onChange={(choice) => change(withChoice(draft, canonical, choice))}
          />
        ))}
      </ul>
      {mayWrite === undefined && <NewField known={names} fields={fields} vendorName={vendorName} onAdd={(canonical, field) => change(withChoice(draft, canonical, ownField(field)))} />}
      <MappingTrial target={target} rules={rules} vendorName={vendorName} barredBecause={mayWrite ?? isAway ?? (hasErrors ? 'First correct the errors.' : undefined)} />
      <section className="save-bar" aria-label="Save">
        <p role="status">{kept === undefined ? <SavedState mapping={mapping} /> : check.isBehind ? 'Checking …' : hasErrors ? 'There are errors.' : 'Changed and not saved yet; nothing is wrong with it.'}</p>
        {save.error !== null && !isConflict(save.error) && <Failed problem={save.error} />}
        {check.error !== null && wrong.size === 0 && <Failed problem={check.error} again={() => void check.refetch()} />}
        <div className="acts">
          <ActButton look="primary" barredBecause={savingBar} isPending={save.isPending} onAct={() => save.mutate(begun)}>Save</ActButton>
          <ActButton barredBecause={kept === undefined ? 'Nothing is changed.' : undefined} onAct={() => keep(undefined)}>Discard changes</ActButton>
        </div>
      </section>
      <VersionList target={target} latest={latest} barredBecause={mayWrite ?? isAway ?? (kept === undefined ? undefined : 'First save or discard what you changed.')} />
    </>
  );
}

/** Saves over the version that the work began with. What was typed while it was being saved stays, as work upon what was saved. */
function useSaving(target: MappingTarget, { begun, keep }: { readonly begun: KeptDraft; readonly keep: (draft: KeptDraft | undefined) => void }) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ mine, etag }: KeptDraft) => api.call('PUT /v1/connections/{id}/mappings/{object}', { path: target, body: rulesOf(mine), ifMatch: etag }),
    onSuccess: (answer, sent) => {
      const base = draftOf(answer.data);
      const mine = mergeDrafts({ base: sent.mine, mine: begun.mine, theirs: base });
      queries.setQueryData(mappingKey(target), answer);
      keep(isSameDraft(mine, base) ? undefined : { mine, base, version: answer.data.version, etag: answer.etag });
    },
    onError: async (problem) => {
      if (isConflict(problem)) await queries.invalidateQueries({ queryKey: mappingKey(target) });
    },
  });
}

function isConflict(problem: unknown): boolean {
  return problem instanceof ApiProblem && problem.status === 412;
}

function ownField(field: string): Choice {
  return { kind: 'own', field, direction: 'both', values: {} };
}

function SavedState({ mapping: { version, versions } }: { readonly mapping: Mapping }): ReactElement {
  const active = versions.find(({ isActive }) => isActive);
  return active ? <>Version {version} holds, saved on <Moment at={active.savedAt} />.</> : <>The defaults hold.</>;
}
