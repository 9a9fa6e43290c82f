import { type AddressInfo, createServer, connect as dial, type Socket } from "node:net";

/**
 * A way to a Redis that can be stopped at one command: with it a process is killed in exactly the state that its store
 * has, however quick or slow the machine is.
 */
export async function freezingRedis(socket: string) {
  const sockets = new Set<Socket>();
  let armed: { at: RegExp; written: boolean; met: () => void } | undefined;
  let frozen: "no" | "answers" | "all" = "no";
  const held: (() => void)[] = [];
  const server = createServer((client) => {
    const far = dial(socket);
    let tail = "";
    client.on("data", (part) => {
      if (frozen === "all") return;
      if (armed && frozen === "no") {
        tail = (tail + part.toString("latin1")).slice(-131_072);
        if (armed.at.test(tail)) {
          frozen = armed.written ? "answers" : "all";
          armed.met();
          if (frozen === "all") return;
        }
      }
      far.write(part);
    });
    far.on("data", (part) => {
      const give = () => void client.write(part);
      if (frozen === "no") give();
      else held.push(give);
    });
    for (const [one, other] of [
      [client, far],
      [far, client],
    ] as const) {
      sockets.add(one);
      one.on("error", () => undefined);
      one.on("close", () => {
        sockets.delete(one);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /**
     * Resolves when a command goes by whose text fits. From then on no one gets an answer any more; `written`: the
     * command itself still comes through, else it is lost.
     */
    freezeAt: (at: RegExp, { written }: { written: boolean }) =>
      new Promise<void>((met) => {
        armed = { at, written, met };
      }),
    /** Whoever still lives gets the answers that were held back. */
    thaw() {
      armed = undefined;
      frozen = "no";
      for (const give of held.splice(0)) give();
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

export type FreezingRedis = Awaited<ReturnType<typeof freezingRedis>>;
