import { Injectable } from '@nestjs/common';
import { TenantDatabase } from '@crossdock/tenancy';
import { v4 as uuid } from 'uuid';
import { lifecycleStageSchema } from '@crossdock/contracts';
import { z } from 'zod';
import type { LeadForm, NewLeadForm } from './lead-form.ts';

const rowSchema = z.object({
  form_id: z.uuid(), tenant_id: z.uuid(), name: z.string(), sync_id: z.uuid().nullable(), allowed_origins: z.array(z.string()), thanks_url: z.string().nullable(),
  trap_field: z.string(), stage: lifecycleStageSchema, posts_per_minute: z.int(), created_at: z.date(),
}).transform((row): LeadForm => ({
  id: row.form_id, tenantId: row.tenant_id, name: row.name, allowedOrigins: row.allowed_origins, trapField: row.trap_field, stage: row.stage,
  postsPerMinute: row.posts_per_minute, createdAt: row.created_at.toISOString(),
  ...(row.sync_id !== null && { syncId: row.sync_id }),
  ...(row.thanks_url !== null && { thanksUrl: row.thanks_url }),
}));
const columns = 'form_id, tenant_id, name, sync_id, allowed_origins, thanks_url, trap_field, stage, posts_per_minute, created_at';
const countedRowSchema = z.object({ counted_posts: z.int(), posts_per_minute: z.int() });

@Injectable()
export class LeadFormRepository {
  constructor(private readonly database: TenantDatabase) {}

  /** @returns undefined where the tenant has a form of that name. */
  async create(tenantId: string, form: NewLeadForm): Promise<LeadForm | undefined> {
    const rows = await this.database.transaction(tenantId, (manager) => manager.query<unknown[]>(
      `INSERT INTO lead_form (form_id, tenant_id, name, sync_id, allowed_origins, thanks_url, trap_field, stage, posts_per_minute)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (tenant_id, name) DO NOTHING RETURNING ${columns}`,
      [uuid(), tenantId, form.name, form.syncId ?? null, form.allowedOrigins, form.thanksUrl ?? null, form.trapField, form.stage, form.postsPerMinute]));
    return z.array(rowSchema).parse(rows)[0];
  }

  async list(tenantId: string): Promise<LeadForm[]> {
    const rows = await this.database.transaction(tenantId, (manager) => manager.query<unknown[]>(`SELECT ${columns} FROM lead_form WHERE tenant_id = $1 ORDER BY name`, [tenantId]));
    return z.array(rowSchema).parse(rows);
  }

  /** @returns false where the tenant has no such form. */
  async delete(tenantId: string, id: string): Promise<boolean> {
    const [, removed] = await this.database.transaction(tenantId, (manager) => manager.query<[unknown[], number]>('DELETE FROM lead_form WHERE form_id = $1', [id]));
    return removed > 0;
  }

  /**
   * Finds the form that was posted and counts the post, whichever replica got it.
   * @returns undefined where there is none, or its tenant is suspended; `isOverLimit` where it has been posted too often in this minute.
   */
  async countPost(id: string): Promise<{ readonly form: LeadForm; readonly isOverLimit: boolean } | undefined> {
    // The form alone says whose it is.
    const [rows] = await this.database.systemTransaction((manager) => manager.query<[unknown[], number]>(
      `UPDATE lead_form SET
         counted_posts = CASE WHEN counted_since > now() - interval '1 minute' THEN least(counted_posts, posts_per_minute) + 1 ELSE 1 END,
         counted_since = CASE WHEN counted_since > now() - interval '1 minute' THEN counted_since ELSE now() END
       WHERE form_id = $1 AND EXISTS (SELECT FROM tenant WHERE tenant.tenant_id = lead_form.tenant_id AND tenant.state = 'active')
       RETURNING ${columns}, counted_posts`, [id]));
    const [form] = z.array(rowSchema).parse(rows);
    const [counted] = z.array(countedRowSchema).parse(rows);
    return form && counted ? { form, isOverLimit: counted.counted_posts > counted.posts_per_minute } : undefined;
  }
}
