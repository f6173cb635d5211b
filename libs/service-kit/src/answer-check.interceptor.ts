import { Injectable, InternalServerErrorException, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { answersOf } from '@crossdock/contracts';
import { map, type Observable } from 'rxjs';
import { z } from 'zod';

/**
 * Holds each answer to what its route declares, for tests: an answer with a member too few, too many or of another shape is 500, and says where. In production
 * the compiler's word has to do.
 */
@Injectable()
export class AnswerCheckInterceptor implements NestInterceptor {
  readonly #schemas = new WeakMap<object, z.ZodType>();

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const handler = context.getHandler();
    const [declared] = context.getType() === 'http' ? answersOf(handler) : [];
    if (declared?.kind !== 'json') return next.handle();
    const schema = this.#schemas.get(handler) ?? asItGoesOut(declared.schema);
    this.#schemas.set(handler, schema);
    return next.handle().pipe(map((answer: unknown) => {
      const { error } = schema.safeParse({ answer: asRead(answer) });
      if (error) throw new InternalServerErrorException(`${context.getClass().name}.${handler.name} does not answer as it declares: ${z.prettifyError(error)}`);
      return answer;
    }));
  }
}

/** What the one who asked reads: after transformations, and with no member that the schema does not name. */
function asItGoesOut(schema: z.ZodType): z.ZodType {
  const described = z.toJSONSchema(z.object({ answer: schema }), { io: 'output' });
  return z.fromJSONSchema({ ...described, $schema: 'https://json-schema.org/draft/2020-12/schema' });
}

function asRead(answer: unknown): unknown {
  return answer === undefined ? undefined : JSON.parse(JSON.stringify(answer));
}
