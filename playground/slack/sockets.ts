import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import { isObject } from "./blocks/check.ts";
import { type Connection, changed, nextId, type State } from "./state.ts";
import { parseJson } from "./wire.ts";

/** Socket Mode. Source: docs.slack.dev "Using Socket Mode". */

const pingEvery = 5000;

/** Takes over the WebSocket upgrades of the server; answers what ends all connections. */
export function attachSockets(state: State, server: Server): () => void {
  const sockets = new WebSocketServer({ noServer: true });
  server.on("upgrade", (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const ticket = new URL(request.url ?? "/", "http://stand-in").searchParams.get("ticket") ?? "";
    if (!state.tickets.delete(ticket)) return void stream.destroy();
    sockets.handleUpgrade(request, stream, head, (socket) => welcome(state, socket));
  });
  const pings = setInterval(() => {
    for (const { socket, frozen } of state.connections) if (!frozen) socket.ping();
  }, pingEvery);
  pings.unref();
  return () => {
    clearInterval(pings);
    for (const { socket } of state.connections) socket.terminate();
    sockets.close();
  };
}

function welcome(state: State, socket: Connection["socket"]): void {
  const connection: Connection = {
    id: nextId(state, "ws"),
    socket,
    opened: Date.now(),
    draining: false,
    frozen: false,
  };
  state.connections.push(connection);
  // Every envelope on its way listens for the end of its connection.
  socket.setMaxListeners(0);
  socket.on("message", (data) => {
    const message = parseJson(String(data));
    if (isObject(message) && typeof message.envelope_id === "string" && !connection.frozen)
      state.acks.get(message.envelope_id)?.(message.payload);
  });
  // An error is followed by the close, which takes the connection off the list.
  socket.on("error", () => {});
  socket.on("close", () => {
    state.connections.splice(state.connections.indexOf(connection), 1);
    changed(state);
  });
  const debug_info = { host: "stand-in", build_number: 1, approximate_connection_time: 18_060 };
  const connection_info = { app_id: state.bot.app_id };
  socket.send(
    JSON.stringify({ type: "hello", num_connections: state.connections.length, debug_info, connection_info }),
  );
  changed(state);
}

export type Disconnect = { reason?: "warning" | "refresh_requested" | "link_disabled"; connection?: number };

/** Announces the end of a connection: nothing more is delivered there; the client closes it. */
export function announceDisconnect(
  state: State,
  { reason = "refresh_requested", connection = 0 }: Disconnect,
): void {
  const target = state.connections[connection];
  if (!target) return;
  target.draining = true;
  target.socket.send(JSON.stringify({ type: "disconnect", reason, debug_info: { host: "stand-in" } }));
}

/** Leaves a connection half open, as NAT does: no pings, no answers, nothing is read. */
export function freeze(state: State, connection = 0): void {
  const target = state.connections[connection];
  if (!target) return;
  target.frozen = true;
  target.socket.pause();
}

let turn = 0;

/** Each envelope goes to one of the connections. */
export function pickConnection(state: State): Connection | undefined {
  const ready = state.connections.filter((one) => !one.draining && one.socket.readyState === one.socket.OPEN);
  turn += 1;
  return ready[turn % ready.length];
}
