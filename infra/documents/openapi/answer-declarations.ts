/** What routes answer when they succeed: declared by the gateway's handler, or by that of the service which it hands the call on to. */
import { answersOf, type RouteAnswer } from '@crossdock/contracts';
import { z } from 'zod';
import type { DeclaredRoute } from './controller-source.ts';
import type { RequestSchemas, SourceLoader } from './request-schemas.ts';

/** An answer as it is told, by its own declaration and not by that of another route. */
export type DeclaredAnswer =
  | Exclude<RouteAnswer, { readonly kind: 'parts' | 'same' }>
  | { readonly kind: 'parts'; readonly mediaType: string; readonly part: z.ZodType };

export class AnswerDeclarations {
  readonly #load: SourceLoader;
  readonly #routes: RequestSchemas;

  constructor(load: SourceLoader, routes: RequestSchemas) {
    this.#load = load;
    this.#routes = routes;
  }

  /** The answers of which the route gives one; none where nothing follows its status. @throws where no handler says it. */
  async of(route: DeclaredRoute): Promise<DeclaredAnswer[]> {
    if (route.status === 204) return [];
    const [own, behind] = [await this.#declaredBy(route), this.#routes.behind(route)];
    const declared = own.length === 0 && behind ? await this.#declaredBy(behind) : own;
    if (declared.length === 0) throw new Error(`${nameOf(route)} says nothing of its answer: put @Answers above ${(behind ?? route).controller}.${(behind ?? route).handler}.`);
    return (await Promise.all(declared.map(async (answer) => this.#resolved(route, answer)))).flat();
  }

  async #resolved(route: DeclaredRoute, answer: RouteAnswer): Promise<DeclaredAnswer[]> {
    if (answer.kind === 'same') return this.of(this.#named(route, answer.as));
    if (answer.kind !== 'parts') return [answer];
    if (typeof answer.part !== 'string') return [{ ...answer, part: answer.part }];
    const [part] = await this.of(this.#named(route, answer.part));
    if (part?.kind !== 'json') throw new Error(`${nameOf(route)} answers in parts like ${answer.part}, which does not answer with JSON.`);
    return [{ ...answer, part: part.schema }];
  }

  #named(route: DeclaredRoute, name: string): DeclaredRoute {
    const found = this.#routes.named(name);
    if (!found) throw new Error(`${nameOf(route)} answers as ${name}, which is no route of a service behind.`);
    return found;
  }

  async #declaredBy({ file, controller, handler }: DeclaredRoute): Promise<readonly RouteAnswer[]> {
    const exported = z.record(z.string(), z.unknown()).parse({ ...z.looseObject({}).parse(await this.#load(file)) });
    const own = exported[controller];
    const prototype: unknown = typeof own === 'function' ? own.prototype : undefined;
    const method: unknown = typeof prototype === 'object' && prototype !== null ? Reflect.get(prototype, handler) : undefined;
    return typeof method === 'function' ? answersOf(method) : [];
  }
}

function nameOf({ method, path }: DeclaredRoute): string {
  return `${method.toUpperCase()} ${path}`;
}
