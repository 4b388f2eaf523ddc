import { ok, type Result } from '../../core/base/result.ts';
import type { SeriesPlan } from '../../core/volume/types.ts';
import { OpenStack, type StackServices } from './open-stack.ts';
import type { PlansAhead } from './plans-ahead.ts';

/** A series whose plan is here; its stacks open when first looked at. */
export class OpenSeries {
  readonly plan: SeriesPlan;
  private readonly services: StackServices;
  private readonly stacks = new Map<number, OpenStack>();
  private readonly reduced = new Map<number, OpenStack>();
  private reduction = 1;
  private isClosed = false;

  constructor(plan: SeriesPlan, services: StackServices) {
    this.plan = plan;
    this.services = services;
  }

  /** Undefined when the series has no such group (no pictures at all, for group 0), or is closed: a page may be drawn once more. */
  stack(groupIndex: number): OpenStack | undefined {
    const had = this.stacks.get(groupIndex);
    if (had) return had;
    if (this.isClosed || !this.plan.groups[groupIndex]) return undefined;
    const stack = new OpenStack(this.plan, groupIndex, this.services);
    this.stacks.set(groupIndex, stack);
    return stack;
  }

  /** What planes and 3D show of a group: its stack, or the reduced one that the reader has agreed to. */
  volumeStack(groupIndex: number): OpenStack | undefined {
    const stack = this.stack(groupIndex);
    if (!stack || stack.neededReduction() === null || this.reduction === 1) return stack;
    const had = this.reduced.get(groupIndex);
    if (had?.reduction === this.reduction) return had;
    had?.close();
    const made = new OpenStack(this.plan, groupIndex, this.services, this.reduction);
    this.reduced.set(groupIndex, made);
    return made;
  }

  /** From now on, groups that do not fit into memory are read with `reduction` × `reduction` pixels averaged. */
  reduce(reduction: number): void {
    this.reduction = reduction;
  }

  close(): void {
    this.isClosed = true;
    for (const stack of [...this.stacks.values(), ...this.reduced.values()]) stack.close();
    this.stacks.clear();
    this.reduced.clear();
  }
}

/** Asks for the plan of a series. Nothing is fetched before a stack is looked at. */
export async function openSeries(
  plans: Pick<PlansAhead, 'open'>,
  seriesKey: string,
  services: StackServices,
): Promise<Result<OpenSeries>> {
  const answer = await plans.open(seriesKey);
  if (!answer.ok) return answer;
  return ok(new OpenSeries(answer.value, services));
}
