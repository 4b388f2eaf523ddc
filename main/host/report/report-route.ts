import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ByteResponse } from '../../../core/contract/host.ts';
import { refuse } from '../bytes/refuse.ts';
import { scratchOf } from '../import/scratch.ts';
import type { Services } from '../services.ts';

const types = { pdf: 'application/pdf', html: 'text/html; charset=utf-8' } as const;
export type ReportFormat = keyof typeof types;
const formats = Object.keys(types) as readonly ReportFormat[];

/** Folder of a report, until the host starts again. */
export const reportFolder = (services: Services, reportId: string): string =>
  scratchOf(services.folder, `report-${reportId}`);
/** The one file in it. */
export const reportFile = (format: ReportFormat): string => `report.${format}`;

/** `/report/<reportId>?format=…&name=…`: a report, always to be saved, never shown under the page's own address. */
export async function sendReport(
  services: Services,
  reportId: string,
  query: URLSearchParams,
): Promise<ByteResponse> {
  // The name of a report, nothing that could be a path.
  if (!/^[\da-f-]{36}$/.test(reportId)) return refuse(404);
  const format = formats.find((known) => known === query.get('format'));
  if (!format) return refuse(404);
  const bytes = await readFile(join(reportFolder(services, reportId), reportFile(format))).catch(() => null);
  if (!bytes) return refuse(404);
  await services.audit({ event: 'instance.export', outcome: 'ok', detail: `report ${reportId}` });
  const name = encodeURIComponent(query.get('name') ?? 'Candela').slice(0, 200);
  return {
    status: 200,
    headers: {
      'content-type': types[format],
      'content-length': String(bytes.length),
      'content-disposition': `attachment; filename="candela.${format}"; filename*=UTF-8''${name}.${format}`,
      'cache-control': 'no-store',
    },
    body: bytes,
  };
}
