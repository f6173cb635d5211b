import { HttpException } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

/**
 * What is kept in versions, of which one holds: a change names by `If-Match` the version that its author has seen, so that nobody undoes
 * another's work unknowingly.
 */
export class SeenVersion {
  readonly #name: string;
  readonly #shownAt: string;

  /** @param name part of its entity tags; @param shownAt the request that answers with one. */
  constructor(name: string, shownAt: string) {
    this.#name = name;
    this.#shownAt = shownAt;
  }

  /** Answers with the version that holds, and its entity tag. */
  tell<Kept extends { readonly version: number }>(reply: FastifyReply, kept: Kept): Kept {
    void reply.header('etag', this.#tagOf(kept.version));
    return kept;
  }

  /** @throws HttpException 428 (RFC 6585) where the caller does not say what it has seen. */
  require(ifMatch: string | undefined): number {
    const version = Number(ifMatch?.slice(this.#name.length + 2, -1));
    if (!Number.isSafeInteger(version) || ifMatch !== this.#tagOf(version)) {
      throw new HttpException(`Say by If-Match which version you have seen: the ETag of ${this.#shownAt}.`, 428);
    }
    return version;
  }

  /** The answer to a change of something that another person has changed meanwhile. */
  overtaken(version: number): HttpException {
    return new HttpException(`Somebody else has changed it meanwhile: version ${version} holds. Read it again: ${this.#shownAt}.`, 412);
  }

  /** Answers 422 to a change that was not saved: why, and what is wrong with it under members of the problem's own. */
  refuse(reply: FastifyReply, detail: string, faults: Readonly<Record<string, unknown>>): unknown {
    void reply.status(422).type('application/problem+json');
    return { type: 'about:blank', status: 422, code: 'invalid', title: 'The request is not valid', detail, ...faults };
  }

  /** RFC 9110, 8.8.3. */
  #tagOf(version: number): string {
    return `"${this.#name}-${version}"`;
  }
}
