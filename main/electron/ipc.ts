/**
 * The desktop shell's channels (D6). A message counts only when it comes from a window of ours, from its top frame, at
 * exactly `candela://app`; its arguments fit a strict schema; and the window keeps under 200 messages a second.
 */
import type {
  BrowserWindow,
  IpcMain,
  IpcMainInvokeEvent,
  MessageChannelMain,
  OpenDialogOptions,
} from 'electron';
import * as v from 'valibot';
import { desktopChannels } from '../../core/contract/desktop-channels.ts';
import type { Host } from '../../core/contract/host.ts';
import type { SavedFile } from '../../core/contract/preload.ts';
import { toWire } from '../../core/contract/wire.ts';
import { type CallGate, callBytesMax, createCallGate, createRateLimit } from '../shell/call-gate.ts';
import { plainTarget } from '../shell/plain-target.ts';
import { createFileGrants, type FileGrants, withGrants } from './file-grants.ts';
import { appOrigin, type WindowPrefixes } from './scheme.ts';

/** What a refused message broke; the sender learns only that it was refused. */
export type IpcRefusal = 'sender' | 'schema' | 'rate';

export interface WindowLink {
  readonly window: BrowserWindow;
  readonly prefix: string;
  readonly grants: FileGrants;
  readonly gate: CallGate;
  readonly isTooFast: () => boolean;
  /** Ends of the window's event subscriptions. */
  readonly endings: Set<() => void>;
}

export interface IpcOptions {
  readonly ipcMain: Pick<IpcMain, 'handle'>;
  readonly host: Host;
  readonly prefixes: WindowPrefixes;
  readonly createChannel: () => MessageChannelMain;
  readonly chooseFiles: (
    window: BrowserWindow,
    kind: OpenDialogOptions['properties'],
  ) => Promise<readonly string[]>;
  /** Asks where to, then writes what the byte route answers. */
  readonly save: (window: BrowserWindow, path: string) => Promise<boolean>;
  /** Asks where to, then writes the bytes that the page made. */
  readonly saveFile: (window: BrowserWindow, name: string, bytes: Uint8Array) => Promise<SavedFile>;
  readonly nowMs: () => number;
  readonly report: (where: string, error: unknown) => void;
  readonly onRefused: (rule: IpcRefusal) => void;
}

/** Far more than the largest picture of a page. */
const savedBytesMax = 512 * 2 ** 20;

const path = v.pipe(v.string(), v.minLength(1), v.maxLength(32_768));
const schemas = {
  [desktopChannels.call]: v.strictTuple([
    v.pipe(v.string(), v.maxLength(64)),
    v.pipe(v.string(), v.maxLength(callBytesMax)),
  ]),
  [desktopChannels.listen]: v.strictTuple([
    v.pipe(v.number(), v.integer(), v.minValue(0)),
    v.pipe(v.number(), v.integer(), v.minValue(0)),
  ]),
  [desktopChannels.bytesPrefix]: v.strictTuple([]),
  [desktopChannels.choose]: v.strictTuple([v.picklist(['folder', 'files'])]),
  [desktopChannels.dropped]: v.strictTuple([v.pipe(v.array(path), v.maxLength(10_000))]),
  [desktopChannels.save]: v.strictTuple([v.pipe(v.string(), v.maxLength(4096))]),
  [desktopChannels.saveFile]: v.strictTuple([
    v.pipe(v.string(), v.minLength(1), v.maxLength(255)),
    v.pipe(
      v.instance(Uint8Array),
      v.check((bytes) => bytes.length <= savedBytesMax),
    ),
  ]),
} as const;
type Channel = keyof typeof schemas;
type Arguments<C extends Channel> = v.InferOutput<(typeof schemas)[C]>;

/** Registers the channels. Answers the functions that make a window known and forget it. */
export function registerIpc(options: IpcOptions): {
  addWindow(window: BrowserWindow): WindowLink;
  removeWindow(link: WindowLink): void;
} {
  const links = new Set<WindowLink>();

  function linkOf(event: IpcMainInvokeEvent): WindowLink | null {
    const frame = event.senderFrame;
    if (!frame || frame.parent !== null || frame.detached) return null;
    if (frame.origin !== appOrigin || !frame.url.startsWith(`${appOrigin}/`)) return null;
    for (const link of links) {
      if (link.window.webContents === event.sender && link.window.webContents.mainFrame === frame)
        return link;
    }
    return null;
  }

  function handle<C extends Channel>(
    channel: C,
    work: (link: WindowLink, args: Arguments<C>, event: IpcMainInvokeEvent) => unknown,
  ): void {
    options.ipcMain.handle(channel, async (event, ...args: unknown[]) => {
      const link = linkOf(event);
      const parsed = v.safeParse(schemas[channel], args);
      if (!link || !parsed.success) {
        options.onRefused(link ? 'schema' : 'sender');
        throw new RefusedMessage();
      }
      // Calls have their own limit in the gate, which answers with a code.
      if (channel !== desktopChannels.call && link.isTooFast()) {
        options.onRefused('rate');
        throw new RefusedMessage();
      }
      try {
        return await work(link, parsed.output as Arguments<C>, event);
      } catch (error) {
        options.report(channel, error);
        throw new RefusedMessage();
      }
    });
  }

  registerChannels(options, handle);
  return {
    addWindow(window) {
      const grants = createFileGrants();
      const { nowMs, report } = options;
      const link: WindowLink = {
        window,
        grants,
        prefix: options.prefixes.add(),
        gate: createCallGate({ host: withGrants(options.host, grants), nowMs, report }),
        isTooFast: createRateLimit(nowMs),
        endings: new Set(),
      };
      links.add(link);
      return link;
    },
    removeWindow(link) {
      links.delete(link);
      options.prefixes.remove(link.prefix);
      for (const end of link.endings) end();
    },
  };
}

type Handle = <C extends Channel>(
  channel: C,
  work: (link: WindowLink, args: Arguments<C>, event: IpcMainInvokeEvent) => unknown,
) => void;

function registerChannels(options: IpcOptions, handle: Handle): void {
  handle(desktopChannels.call, (link, [name, text]) => link.gate.answer(name, text));
  handle(desktopChannels.bytesPrefix, (link) => link.prefix);
  handle(desktopChannels.dropped, (link, [paths]) => link.grants.grant(paths));
  handle(desktopChannels.choose, async (link, [kind]) => {
    const chosen = await options.chooseFiles(
      link.window,
      kind === 'folder' ? ['openDirectory', 'multiSelections'] : ['openFile', 'multiSelections'],
    );
    return link.grants.grant(chosen);
  });
  handle(desktopChannels.save, (link, [target]) => {
    const plain = plainTarget(target);
    return plain ? options.save(link.window, plain.path + plain.query) : false;
  });
  handle(desktopChannels.saveFile, (link, [name, bytes]) => options.saveFile(link.window, name, bytes));
  handle(desktopChannels.listen, (link, [id, fromSeq], event) => {
    const { port1, port2 } = options.createChannel();
    const unsubscribe = options.host.subscribe(fromSeq, (happened) => port1.postMessage(toWire(happened)));
    const end = () => {
      unsubscribe();
      link.endings.delete(end);
      port1.close();
    };
    link.endings.add(end);
    port1.on('close', end);
    port1.start();
    event.senderFrame?.postMessage(desktopChannels.events, id, [port2]);
  });
}

/** All that a refused or failed message tells its sender. */
class RefusedMessage extends Error {
  override readonly name = 'FORBIDDEN';
  override readonly message = 'FORBIDDEN';
  override readonly stack = 'FORBIDDEN';
}
