/** Calls `work` when the display frame with what is on the canvases now has been handed over. */
export function afterFrame(work: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    work();
  };
  requestAnimationFrame(() => port2.postMessage(null));
}
