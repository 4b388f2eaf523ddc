import { objectPath } from '../objects/object-path.ts';
import type { Services } from '../services.ts';
import type { Candidate, Decision, Undecided } from '../store/versions.ts';
import { sameContent, sameMeaning } from './version-difference.ts';

type Needed = Pick<Services, 'store' | 'folder' | 'decode' | 'parse' | 'events'>;

/** Decided in one transaction. */
const atOnce = 16;

/**
 * Tells versions of an image from conflicts, after it is durable and acknowledged: nobody waits for decoding. What is
 * undecided is written in the index, so that a host that died goes on at its next start. Pixels are compared decoded,
 * in killable threads; what cannot be decoded equals nothing.
 */
export class VersionDecider {
  readonly #services: Needed;
  #running: Promise<void> | null = null;
  #isAsked = false;
  #isClosed = false;

  constructor(services: Needed) {
    this.#services = services;
    services.store.onUndecided(() => this.wake());
  }

  /** Looks for what is undecided. */
  wake(): void {
    this.#isAsked = true;
    if (!this.#isClosed) this.#running ??= this.#decideAll();
  }

  /** Answers once nothing is undecided, or at once when `signal` is aborted. */
  async settle(signal?: AbortSignal): Promise<void> {
    const aborted = new Promise<void>((resolve) => {
      signal?.addEventListener('abort', () => resolve(), { once: true });
      if (signal?.aborted) resolve();
    });
    this.wake();
    while (this.#running && !signal?.aborted) await Promise.race([this.#running, aborted]);
  }

  /** Begins nothing more; what is under way is not decided. The rest waits for the next start. */
  stop(): void {
    this.#isClosed = true;
  }

  /** Once decoding has ended too. */
  async ended(): Promise<void> {
    await this.#running;
  }

  async #decideAll(): Promise<void> {
    try {
      while (this.#isAsked && !this.#isClosed) {
        this.#isAsked = false;
        const some = await this.#services.store.read.call('undecided', { limit: atOnce });
        if (some.length === 0) continue;
        this.#isAsked = true;
        const decisions: Decision[] = [];
        for (const one of some) {
          // Its twin may be among those decided a moment ago: then it is compared with the next page.
          if (decisions.length > 0 && sharesTwin(one, some.slice(0, decisions.length))) break;
          decisions.push(await this.#decide(one));
          if (this.#isClosed) return;
        }
        const studyKeys = await this.#services.store.write.call('decideVersions', { decisions });
        if (studyKeys.length > 0)
          this.#services.events.emit('studies', { studyKeys: studyKeys.slice(0, 200) });
      }
    } catch {
      // The store was closed, or cannot be written: all stays undecided until the next start.
    } finally {
      this.#running = null;
    }
  }

  async #decide(one: Undecided): Promise<Decision> {
    const { fileSha256, transferSyntax } = one;
    const alike = one.twins.filter((twin) => sameMeaning(one.scan, twin.scan));
    const hasPixels = one.scan.pixel.kind !== 'none';
    const pixelsSha256 = hasPixels && alike.length > 0 ? await this.#pixelsOf(one) : null;
    for (const twin of alike) {
      const isSame = hasPixels
        ? pixelsSha256 !== null && pixelsSha256 === (await this.#pixelsOf(twin))
        : await this.#isSameContent(one, twin);
      if (!isSame) continue;
      const difference = twin.transferSyntax === transferSyntax ? 'attributes' : 'transferSyntax';
      return { fileSha256, pixelsSha256, of: { fileSha256: twin.fileSha256, difference } };
    }
    return { fileSha256, pixelsSha256, of: null };
  }

  /** Null for what is not whole. */
  async #pixelsOf(one: Candidate): Promise<string | null> {
    if (one.pixelsSha256 !== null) return one.pixelsSha256;
    const found = await this.#services.decode.frameSummary(this.#pathOf(one));
    if (found.sha256 === null || found.problem) return null;
    const { rows, columns, samples, frames, bitsAllocated } = found;
    return `${rows}x${columns}x${samples}x${frames}x${bitsAllocated}:${found.sha256}`;
  }

  async #isSameContent(a: Candidate, b: Candidate): Promise<boolean> {
    const [one, other] = await Promise.all(
      [a, b].map((object) => this.#services.parse.tags(this.#pathOf(object))),
    );
    return one?.ok === true && other?.ok === true && sameContent(one.value, other.value);
  }

  #pathOf = ({ fileSha256 }: Candidate): string => objectPath(this.#services.folder.objects, fileSha256);
}

const sharesTwin = (one: Undecided, before: readonly Undecided[]): boolean =>
  before.some(({ scan }) => scan.attributes.SOPInstanceUID === one.scan.attributes.SOPInstanceUID);
