import type { FreeBytes } from './import/free-space.ts';
import type { HeaderScanner } from './import/scanner.ts';
import type { SecretBox } from './network/secrets.ts';
import type { ReceiverOverrides } from './receive/receiver-config.ts';

export type ShellName = 'electron' | 'browser' | 'cli';

export interface HostOptions {
  /** The data folder; made when it is not there. */
  readonly dataDir: string;
  readonly shell: ShellName;
  readonly version?: string;
  /** System language for `settings.language = system`; else read from the environment. */
  readonly language?: string;
  readonly clock?: () => number;
  /** Prints a document as PDF where no installed browser does; the shells that can by themselves give it. */
  readonly printPdf?: (html: string) => Promise<Uint8Array>;
  /** Encrypts passwords of other stations with a key of the signed-in person; the desktop shell has one. */
  readonly secretBox?: SecretBox;
  /** Ends the application, for `app.quit`; absent where there is nothing to end. */
  readonly quit?: () => void;
  /** Ends it and starts it again; absent where a person has to. */
  readonly restart?: () => void;
  /** For this run only, over the receiver's settings; `enabled` starts it in the command line, too. */
  readonly receiver?: ReceiverOverrides;
  /** Tests put a full disk here. */
  readonly freeBytes?: FreeBytes;
  /** Tests put a header scanner of their own here. */
  readonly scanner?: HeaderScanner;
}
