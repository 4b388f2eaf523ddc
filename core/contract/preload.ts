/** What the desktop shell's preload puts on `window.candela`: exactly the contract, as wire text, and the file dialogs. */

/** Permission for one file or folder that a person chose or dropped. The page never sees its path. */
export interface FileGrant {
  /** Goes where `import.start` takes a path; good for this window only. */
  readonly handle: string;
  /** Last part of the path, to show. */
  readonly name: string;
}

/** What became of a file that a person was asked for. */
export type SavedFile = 'saved' | 'cancelled' | 'failed';

export interface DesktopFiles {
  /** Asks the person with the system's dialog. Empty when cancelled. */
  choose(kind: 'folder' | 'files'): Promise<readonly FileGrant[]>;
  /** Grants for `File` objects of a drop; those that are no files of this machine are left out. */
  dropped(files: readonly object[]): Promise<readonly FileGrant[]>;
}

export interface PreloadApi extends DesktopFiles {
  /** Prefix of this window's byte routes, e.g. `/w/<secret>`: a byte route is `prefix + path`. GET only. */
  bytesPrefix(): Promise<string>;
  /** Wire text in, wire text of a `Result` out; never rejects. */
  call(name: string, inputText: string): Promise<string>;
  /** Events with seq > fromSeq as wire text, then live ones. Answers the function that ends it. */
  listen(fromSeq: number, onEvent: (eventText: string) => void): () => void;
  /** Asks where to save what a byte route answers, and saves it. False when cancelled or failed. */
  save(path: string): Promise<boolean>;
  /** Asks where to save bytes that the page made (a picture, a table), and saves them; `name` is proposed. */
  saveFile(name: string, bytes: Uint8Array): Promise<SavedFile>;
}
