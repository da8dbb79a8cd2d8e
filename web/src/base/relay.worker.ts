import { Relay, type ToRelay } from "./relay";
import { STREAM_URL } from "./source";
import { Stream } from "./stream";

const relay = new Relay((onLink, onBeat) => new Stream(STREAM_URL, onLink, onBeat));

self.addEventListener("connect", (event) => {
  const port = (event as MessageEvent).ports[0];
  if (!port) return;
  port.addEventListener("message", (message) =>
    relay.hear(port, (message as MessageEvent<ToRelay>).data),
  );
  port.start();
});
