import { type Command, textOf } from './command.ts';
import { serviceOf } from './operands.ts';
import { shortened, textTable } from './text-table.ts';

export const auditCommand: Command = {
  name: 'audit list',
  usage: 'SERVICE [--record ID]',
  summary: 'What operators did in a service, newest first',
  options: { record: { type: 'string' } },
  meanings: { record: 'only what was done with this dead letter or replay' },
  async run({ api, given, operands, output }) {
    const record = textOf(given, 'record');
    const lines = await api.listAudit(serviceOf(operands[0]), record === undefined ? {} : { recordId: record });
    if (given['json'] === true) output.print(JSON.stringify(lines, undefined, 2));
    else if (lines.length === 0) output.print('Nothing was done.');
    else {
      output.print(textTable(
        ['WHEN', 'WHO', 'WHAT', 'RECORD', 'RESULT', 'WHY'],
        lines.map((line) => [line.at, line.onBehalfOf ?? line.client, line.action, `${line.recordKind} ${line.recordId}`, line.result, shortened(line.reason, 60)]),
      ));
    }
    return 0;
  },
};
