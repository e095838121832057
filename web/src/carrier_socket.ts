// The engine in the local server: one WebSocket, one binary frame a message.
import { EngineBase } from './engine';

/** Address of the session on the page's own host. */
export function sessionAddress(place: { host: string; protocol: string }, token: string): string {
  return `${place.protocol === 'https:' ? 'wss' : 'ws'}://${place.host}/session?token=${encodeURIComponent(token)}`;
}

export class SocketEngine extends EngineBase {
  readonly kind = 'server' as const;
  private readonly socket: WebSocket;

  constructor(address: string) {
    super();
    this.socket = new WebSocket(address);
    this.socket.binaryType = 'arraybuffer';
    this.socket.onopen = () => this.become('alive');
    this.socket.onmessage = (event: MessageEvent<ArrayBuffer | string>) => {
      if (event.data instanceof ArrayBuffer) this.onmessage(event.data);
    };
    this.socket.onclose = () => this.become('lost', 'the server does not answer');
  }

  protected deliver(message: Uint8Array<ArrayBuffer>): void {
    this.socket.send(message);
  }

  close(): void {
    this.socket.onclose = null;
    this.socket.close();
  }
}
