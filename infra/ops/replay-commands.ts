import { type Command, textOf } from './command.ts';
import { positionOf, recordOf, serviceOf, whyOf } from './operands.ts';
import type { ReplayAnswer } from './operations-api.ts';
import { shortened, textTable } from './text-table.ts';
import { UsageFault } from './usage-fault.ts';

const POLL_MS = 500;
const why = { why: { type: 'string' } } as const;
const whyMeaning = { why: 'the reason, for the audit' };

const start: Command = {
  name: 'replay start',
  usage: 'SERVICE TYPE --from POSITION [--to POSITION] [--tenant ID] [--wait] --why TEXT',
  summary: "Hands a range of an event type's topic to one service again, touching no other",
  options: { from: { type: 'string' }, to: { type: 'string' }, tenant: { type: 'string' }, id: { type: 'string' }, wait: { type: 'boolean' }, ...why },
  meanings: {
    from: 'beginning, a time such as 2026-01-31T12:00:00Z, or partition:offset,…',
    to: 'the same, or end, which is what stands there now (end)',
    tenant: "only one tenant's events, by id",
    id: 'a UUID for the replay; the same one gives the same replay',
    wait: 'stay until it has ended; exit status 0 only if it is done and nothing failed',
    ...whyMeaning,
  },
  async run({ api, given, operands, output }) {
    const service = serviceOf(operands[0]);
    const [, type] = operands;
    const from = textOf(given, 'from');
    if (type === undefined || from === undefined) throw new UsageFault('Give the service, the event type, and --from.');
    const [tenantId, id] = [textOf(given, 'tenant'), textOf(given, 'id')];
    let replay = await api.startReplay(service, {
      type, from: positionOf(from), to: positionOf(textOf(given, 'to') ?? 'end'), reason: whyOf(given),
      ...(tenantId !== undefined && { tenantId }), ...(id !== undefined && { id }),
    });
    while (given['wait'] === true && ['waiting', 'running'].includes(replay.state)) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      replay = await api.showReplay(service, replay.id);
    }
    output.print(given['json'] === true ? JSON.stringify(replay, undefined, 2) : table([`${service}/${replay.id}`, replay]));
    return given['wait'] === true && (replay.state !== 'done' || (replay.progress?.counts['failed'] ?? 0) > 0) ? 1 : 0;
  },
};

const list: Command = {
  name: 'replay list',
  usage: 'SERVICE',
  summary: "A service's replays, newest first",
  options: {},
  meanings: {},
  async run({ api, given, operands, output }) {
    const service = serviceOf(operands[0]);
    const replays = await api.listReplays(service);
    if (given['json'] === true) output.print(JSON.stringify(replays, undefined, 2));
    else output.print(replays.length === 0 ? 'There are no replays.' : table(...replays.map((replay) => [`${service}/${replay.id}`, replay] as const)));
    return 0;
  },
};

const show: Command = {
  name: 'replay show',
  usage: 'SERVICE/ID',
  summary: 'How far a replay has come',
  options: {},
  meanings: {},
  async run({ api, given, operands, output }) {
    const { service, id } = recordOf(operands[0]);
    const replay = await api.showReplay(service, id);
    output.print(given['json'] === true ? JSON.stringify(replay, undefined, 2) : table([`${service}/${id}`, replay]));
    return 0;
  },
};

function actCommand(act: 'cancel' | 'resume', summary: string): Command {
  return {
    name: `replay ${act}`,
    usage: 'SERVICE/ID --why TEXT',
    summary,
    options: why,
    meanings: whyMeaning,
    async run({ api, given, operands, output }) {
      const { service, id } = recordOf(operands[0]);
      const replay = await api.actOnReplay(act, service, id, whyOf(given));
      output.print(given['json'] === true ? JSON.stringify(replay, undefined, 2) : table([`${service}/${id}`, replay]));
      return 0;
    },
  };
}

function table(...replays: ReadonlyArray<readonly [string, ReplayAnswer]>): string {
  return textTable(
    ['REPLAY', 'TYPE', 'STATE', 'READ', 'OUTCOME', 'WHY'],
    replays.map(([record, { type, state, progress, error, reason }]) => [
      record, type, state, progress ? `${progress.total - progress.left} of ${progress.total}` : '-',
      error ?? (Object.entries(progress?.counts ?? {}).flatMap(([name, count]) => (count > 0 ? [`${count} ${name}`] : [])).join(', ') || '-'),
      shortened(reason, 60),
    ]),
  );
}

export const replayCommands: readonly Command[] = [
  start, list, show,
  actCommand('cancel', 'Ends a replay; what it has applied stays'),
  actCommand('resume', 'Lets a failed or cancelled replay go on from where it stood'),
];
