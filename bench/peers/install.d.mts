/** Undefined when the peers are installed, otherwise the reason why not. */
export function installPeers(): string | undefined;
