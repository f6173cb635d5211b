/** `npm run ops`: what operators do with dead letters and replays, through the gateway. */
import { runMain } from '../launch/setup-fault.mjs';
import { runOps } from './ops.ts';

await runMain(() => runOps(process.argv.slice(2), {
  print: (text) => void process.stdout.write(`${text}\n`),
  complain: (text) => void process.stderr.write(`${text}\n`),
}));
