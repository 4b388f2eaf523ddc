/**
 * A host that receives, in a process of its own: its memory is nobody else's. For each line that it reads it does what a
 * reader does with all that came, and deletes it; then it answers with a line. Its first line is its port.
 */
import { createInterface } from 'node:readline';
import { ask, bodyOf } from '../fixtures/host.ts';
import { openReceiver } from '../fixtures/receiver.ts';

const { host, port } = await openReceiver(process.argv[2] ?? '');
process.stdout.write(`${port}\n`);
for await (const _line of createInterface({ input: process.stdin })) {
  const { rows } = await ask(host, 'studies.list', { filter: {}, sort: [], offset: 0, limit: 100 });
  const studyKeys = rows.map(({ studyKey }) => studyKey);
  let shown = 0;
  for (const studyKey of studyKeys.slice(0, 2)) {
    const { series } = await ask(host, 'studies.show', { studyKey });
    const thumb = await host.fetch({ method: 'GET', path: `/thumb/${series[0]!.seriesKey}?size=128` });
    if (thumb.status !== 200) throw new Error(`thumbnail: ${thumb.status}`);
    await bodyOf(thumb.body);
    const { planId } = await ask(host, 'series.plan', { seriesKey: series[0]!.seriesKey });
    await bodyOf((await host.fetch({ method: 'GET', path: `/pixels/${planId}?frames=0` })).body);
    shown += 1;
  }
  await ask(host, 'studies.delete', { studyKeys });
  await ask(host, 'storage.emptyTrash', {});
  process.stdout.write(`${shown}\n`);
}
await host.close();
process.exit(0);
