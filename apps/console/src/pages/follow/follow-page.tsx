import { useNavigate, useSearch } from '@tanstack/react-router';
import { useId, useState, type ReactElement, type SubmitEvent } from 'react';
import { Nothing } from '../../ui/nothing.tsx';
import { Page } from '../../ui/page.tsx';
import { FoundPeople } from './found-people.tsx';
import { RecordWay } from './record-way.tsx';
import { referenceOf } from './record-reference.ts';

/** Follows a record through the hub, by whatever name somebody knows it; the address of the page holds that name, so that it can be passed on. */
export function FollowPage(): ReactElement {
  const { record = '' } = useSearch({ from: '/follow' });
  const reference = referenceOf(record);
  return (
    <Page title="Follow a record">
      <RecordForm key={record} asked={record} />
      {reference === undefined && <Nothing title="Which record?">Its whole way is shown: what came in, what was decided, which calls were made, and what it waits for now.</Nothing>}
      {reference?.kind === 'record' && <RecordWay key={reference.record} record={reference.record} />}
      {reference?.kind === 'email' && <FoundPeople key={reference.email} email={reference.email} />}
    </Page>
  );
}

function RecordForm({ asked }: { readonly asked: string }): ReactElement {
  const [typed, setTyped] = useState(asked);
  const navigate = useNavigate({ from: '/follow' });
  const hintId = useId();
  const follow = (event: SubmitEvent): void => {
    event.preventDefault();
    void navigate({ search: { record: typed.trim() } });
  };
  return (
    <form className="fields" role="search" onSubmit={follow}>
      <label>
        Order number, e-mail, deal or tracking number
        <input type="search" value={typed} maxLength={320} autoComplete="off" spellCheck={false} aria-describedby={hintId} onChange={({ target }) => setTyped(target.value)} />
      </label>
      <p id={hintId} className="hint">Ids of events, shipments and webhooks are understood as well, and names such as hubspot/deal/512.</p>
      <div className="acts"><button type="submit" className="primary">Follow</button></div>
    </form>
  );
}
