import { pino } from 'pino';
import { z } from 'zod';
import { startSandbox } from './start-sandbox.ts';

const environmentSchema = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8090),
  HOST: z.string().default('127.0.0.1'),
  LOG_LEVEL: z.string().default('warn'),
  SANDBOX_CONTROL_TOKEN: z.string().min(1).optional(),
  SANDBOX_CLOCK_FACTOR: z.coerce.number().positive().default(1),
});

const environment = environmentSchema.safeParse(process.env);
if (!environment.success) {
  for (const issue of environment.error.issues) process.stderr.write(`${issue.path.join('.')}: ${issue.message}\n`);
  process.exit(1);
}

const { PORT, HOST, LOG_LEVEL, SANDBOX_CONTROL_TOKEN, SANDBOX_CLOCK_FACTOR } = environment.data;
const logger = pino({ level: LOG_LEVEL });
const sandbox = await startSandbox({
  port: PORT,
  host: HOST,
  clockFactor: SANDBOX_CLOCK_FACTOR,
  logger,
  ...(SANDBOX_CONTROL_TOKEN === undefined ? {} : { controlToken: SANDBOX_CONTROL_TOKEN }),
});
process.stdout.write(`The vendor sandbox listens on ${sandbox.url}\n`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    void sandbox.stop().then(() => process.exit(0));
  });
}
