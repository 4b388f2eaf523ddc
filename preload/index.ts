/** The one preload: typed functions over named channels, nothing else (reliability.md D1, D6). */
import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { desktopChannels } from '../core/contract/desktop-channels.ts';
import type { FileGrant, PreloadApi, SavedFile } from '../core/contract/preload.ts';

/** Ports on their way, by the number under which they were asked for. */
const waiting = new Map<number, (port: MessagePort) => void>();
let listenCount = 0;

ipcRenderer.on(desktopChannels.events, (event, id: number) => {
  const port = event.ports[0];
  const take = waiting.get(id);
  waiting.delete(id);
  if (port && take) take(port);
});

let prefix: Promise<string> | undefined;

/** The path behind a `File` of a drop; empty for one made by script, which is left out. */
function pathOf(file: object): string {
  try {
    return webUtils.getPathForFile(file as File);
  } catch {
    return '';
  }
}

const api: PreloadApi = {
  call: (name, inputText) => ipcRenderer.invoke(desktopChannels.call, name, inputText) as Promise<string>,
  bytesPrefix() {
    prefix ??= ipcRenderer.invoke(desktopChannels.bytesPrefix) as Promise<string>;
    return prefix;
  },
  listen(fromSeq, onEvent) {
    const id = listenCount++;
    let opened: MessagePort | undefined;
    let isEnded = false;
    waiting.set(id, (port) => {
      if (isEnded) return port.close();
      opened = port;
      port.onmessage = (message) => onEvent(String(message.data));
    });
    ipcRenderer.invoke(desktopChannels.listen, id, fromSeq).catch(() => waiting.delete(id));
    return () => {
      isEnded = true;
      opened?.close();
    };
  },
  choose: (kind) => ipcRenderer.invoke(desktopChannels.choose, kind) as Promise<FileGrant[]>,
  dropped(files) {
    const paths = Array.from(files, pathOf).filter(Boolean);
    return ipcRenderer.invoke(desktopChannels.dropped, paths) as Promise<FileGrant[]>;
  },
  save: (path) => ipcRenderer.invoke(desktopChannels.save, path) as Promise<boolean>,
  saveFile: (name, bytes) => ipcRenderer.invoke(desktopChannels.saveFile, name, bytes) as Promise<SavedFile>,
};

contextBridge.exposeInMainWorld('candela', api);
