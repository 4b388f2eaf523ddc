import 'react';

declare module 'react' {
  interface CSSProperties {
    /** Custom properties set through the CSSOM, e.g. `--c` for a stripe. */
    readonly [variable: `--${string}`]: string | number | undefined;
  }
}
