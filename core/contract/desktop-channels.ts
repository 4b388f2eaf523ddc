/** Names of the desktop shell's channels: the preload's one end and the main process's other (reliability.md D6). */
export const desktopChannels = {
  call: 'candela:call',
  listen: 'candela:listen',
  /** From main to the window: carries the port of a `listen`. */
  events: 'candela:events',
  bytesPrefix: 'candela:bytes-prefix',
  choose: 'candela:choose',
  dropped: 'candela:dropped',
  save: 'candela:save',
  saveFile: 'candela:save-file',
} as const;
