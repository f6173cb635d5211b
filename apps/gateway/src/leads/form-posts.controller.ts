import { randomUUID } from 'node:crypto';
import { Body, Controller, Headers, Param, Post, Req, Res, UnsupportedMediaTypeException } from '@nestjs/common';
import { contactFieldsSchema, type ContactFields } from '@crossdock/contracts';
import { CallerResolver, Public } from '@crossdock/service-tokens';
import { tenantContext } from '@crossdock/tenancy';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { InternalClient } from '../facade/internal-client.ts';
import { pageHeaders, renderPage, type HtmlPage } from '../html-page.ts';
import { formPages, wrongFieldsPage } from './form-page.ts';
import { formFieldsSchema, type LeadForm } from './lead-form.ts';
import { LeadFormRepository } from './lead-form.repository.ts';

const personSchema = contactFieldsSchema.omit({ lifecycleStage: true }).required({ email: true });

/**
 * Where people's browsers post the forms of tenants' pages. Open to everybody: what is posted fills in what is not known of a person and
 * replaces nothing, so that nobody changes by it what others have said. Answers are pages, or lead to the tenant's own.
 */
@Public()
@Controller('forms')
export class FormPostsController {
  constructor(private readonly forms: LeadFormRepository, private readonly internal: InternalClient, private readonly callers: CallerResolver) {}

  @Post(':id')
  async post(
    @Param('id') id: string, @Body() body: unknown, @Headers('origin') origin: string | undefined, @Req() request: FastifyRequest, @Res() reply: FastifyReply,
  ): Promise<void> {
    if (typeof body !== 'string') throw new UnsupportedMediaTypeException('Post the form as application/x-www-form-urlencoded.');
    const counted = z.uuid().safeParse(id).success ? await this.forms.countPost(id) : undefined;
    if (!counted || !await this.callers.isAtHome(request, counted.form.tenantId)) return send(reply, 404, formPages.unknown);
    const { form, isOverLimit } = counted;
    if (isOverLimit) {
      void reply.header('retry-after', '60');
      return send(reply, 429, formPages.tooMany);
    }
    if (origin === undefined || !form.allowedOrigins.includes(origin)) return send(reply, 403, formPages.elsewhere);
    const posted = new URLSearchParams(body);
    // A machine is told nothing of it.
    if ((posted.get(form.trapField) ?? '') !== '') return thank(reply, form);
    const person = readPerson(posted);
    if (Array.isArray(person)) return send(reply, 422, wrongFieldsPage(person));
    const isTaken = await this.#take(form, person);
    return isTaken ? thank(reply, form) : send(reply, 503, formPages.away);
  }

  /** @returns false where nothing was kept: the service is away, or the tenant keeps no contacts in step. */
  #take({ tenantId, stage, syncId }: LeadForm, person: ContactFields): Promise<boolean> {
    return tenantContext.run({ tenantId, correlationId: randomUUID() }, () => this.internal.call('sync', {
      method: 'POST', path: '/v1/leads', headers: { 'idempotency-key': randomUUID() },
      body: { fields: { ...person, lifecycleStage: stage }, channel: 'form', ...(syncId !== undefined && { syncId }) },
    }).then(() => true, () => false));
  }
}

/** @returns the names of the fields that are missing, wrong or there twice, where there are such. */
function readPerson(posted: URLSearchParams): ContactFields | string[] {
  const twice = Object.keys(formFieldsSchema.shape).filter((name) => posted.getAll(name).length > 1);
  if (twice.length > 0) return twice;
  const typed = formFieldsSchema.safeParse(Object.fromEntries(posted));
  const person = typed.success ? personSchema.safeParse(typed.data) : typed;
  return person.success ? person.data : [...new Set(person.error.issues.map(({ path }) => String(path[0])))];
}

async function thank(reply: FastifyReply, { thanksUrl }: LeadForm): Promise<void> {
  if (thanksUrl === undefined) return send(reply, 200, formPages.thanks);
  await reply.status(303).headers({ ...pageHeaders, location: thanksUrl }).send('');
}

async function send(reply: FastifyReply, status: number, page: HtmlPage): Promise<void> {
  await reply.status(status).headers(pageHeaders).send(renderPage(page));
}
