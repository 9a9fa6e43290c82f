import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer as createProxy } from "node:http";
import { createServer, type Server } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocketServer } from "ws";
import { throwAwayAuthority } from "../../playground/azure/authority.ts";
import { UpstreamError } from "../../src/errors.ts";
import { clustersPort } from "../../src/kubernetes/clusters.ts";
import type { ClusterAzure } from "../../src/ports/clusters.ts";

type Said = {
  status?: number;
  headers?: Record<string, string>;
  text?: string;
  body?: unknown;
  cut?: boolean;
};

const cluster = { id: "/subscriptions/s/c", name: "c", private: false };
const authority = throwAwayAuthority();
let server: Server;
let url: string;
/** What the API server says; undefined: nothing, ever. */
let say: (path: string, method: string) => Said | undefined;
let authorizations: (string | undefined)[] = [];
let sockets = 0;

beforeAll(async () => {
  server = createServer({ key: authority.key, cert: authority.certificate }, (request, response) => {
    authorizations.push(request.headers.authorization);
    const said = say(request.url ?? "", request.method ?? "");
    if (!said) return;
    if (said.cut) return void request.socket.destroy();
    response.writeHead(said.status ?? 200, { "content-type": "application/json", ...said.headers });
    response.end(said.text ?? JSON.stringify(said.body ?? {}));
  });
  server.on("connection", () => sockets++);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  authorizations = [];
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

type Wish = { user?: object; server?: string; ca?: string; proxy?: { url: string; except: string } };

function portTo(
  azure: Partial<ClusterAzure> = {},
  { user = { token: "given" }, ca, proxy, ...wish }: Wish = {},
) {
  const clock = { at: Date.now() };
  const calls: string[] = [];
  const data = ca ?? readFileSync(authority.caPath).toString("base64");
  const clusters = clustersPort({
    azure: {
      async kubeconfig() {
        calls.push("kubeconfig");
        return JSON.stringify({
          clusters: [
            { name: "c", cluster: { server: wish.server ?? url, "certificate-authority-data": data } },
          ],
          users: [{ name: "u", user }],
          contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
        });
      },
      async clusterToken() {
        calls.push("token");
        return { token: `entra-${calls.length}`, expires: new Date(clock.at + 3_600_000).toISOString() };
      },
      async startCommand(_, { command }) {
        calls.push("run-command");
        const mark = /breakwater-end-\w+/.exec(command)![0];
        return { ended: { exitCode: 0, output: `{}\n${mark} 0\n`, cut: false } };
      },
      commandState: async (location) => ({ location }),
      ...azure,
    },
    proxy,
    log: { info: () => {} },
    now: () => new Date(clock.at).toISOString(),
    more: [],
  });
  return { clusters, clock, calls };
}

const healthy = (path: string): Said =>
  path === "/version" ? { body: { gitVersion: "v1" } } : { body: { items: [] } };
const status = (code: number, reason: string, message = "", details = {}) => ({
  status: code,
  body: { kind: "Status", apiVersion: "v1", status: "Failure", reason, message, details, code },
});

describe("an API server that answers what no honest one would", () => {
  it.each([
    [
      "HTML of a proxy",
      { status: 502, text: "<html><h1>Bad gateway</h1></html>" },
      { status: 502, code: "Http502", retryable: true },
    ],
    ["HTML with 200", { text: "<html>login</html>" }, { status: 200, code: "InvalidBody", retryable: true }],
    ["half of a body", { text: '{"items": [{"metadata"' }, { code: "InvalidBody", retryable: true }],
    ["an empty body", { text: "" }, { code: "InvalidBody" }],
    [
      "a wait asked for in a header",
      { ...status(429, "TooManyRequests"), headers: { "retry-after": "7" } },
      { status: 429, retryAfter: 7, retryable: true },
    ],
    [
      "a wait asked for in the details",
      status(503, "ServiceUnavailable", "later", { retryAfterSeconds: 3 }),
      { status: 503, retryAfter: 3 },
    ],
    [
      "a refusal",
      status(403, "Forbidden", "nodes is forbidden"),
      {
        status: 403,
        code: "Forbidden",
        retryable: false,
        message: expect.stringContaining("nodes is forbidden"),
      },
    ],
    ["a broken connection", { cut: true }, { status: 0, retryable: true }],
  ] as const)("is reported as it is: %s", async (_, said, expected) => {
    say = healthy;
    const access = await portTo().clusters.reach(cluster);
    say = () => said as Said;
    await expect(access.nodes()).rejects.toMatchObject({ system: "kubernetes", ...expected });
  });

  it.each([
    ["credentials that ended meanwhile", status(401, "Unauthorized", "Unauthorized")],
    [
      "a namespace that is just being deleted",
      status(403, "Forbidden", "unable to create new content in namespace x because it is being terminated"),
    ],
    [
      "roles that an API server has not read yet after its start",
      status(
        403,
        "Forbidden",
        'nodes is forbidden: User "b" cannot list resource "nodes" in API group "" at the cluster scope: RBAC: [clusterrole.rbac.authorization.k8s.io "breakwater-simulations" not found, clusterrole.rbac.authorization.k8s.io "system:basic-user" not found]',
      ),
    ],
    [
      "an object that changed at the same moment",
      status(
        409,
        "Conflict",
        "Operation cannot be fulfilled: the object has been modified; please apply your changes",
      ),
    ],
  ] as const)("may be tried again: %s", async (_, said) => {
    say = healthy;
    const access = await portTo().clusters.reach(cluster);
    say = () => said;
    await expect(access.nodes()).rejects.toMatchObject({ status: said.status, retryable: true });
  });

  it("a place in a list that it no longer knows is where the list begins anew, and not for ever", async () => {
    const item = (name: string) => ({ metadata: { name, labels: {} }, status: {} });
    let gone = 1;
    say = (path) => {
      if (!path.startsWith("/api/v1/nodes")) return healthy(path);
      if (!path.includes("continue="))
        return { body: { items: [item("a")], metadata: { continue: "next" } } };
      return gone-- > 0
        ? status(410, "Expired", "The provided continue parameter is too old")
        : { body: { items: [item("b")] } };
    };
    const access = await portTo().clusters.reach(cluster);
    expect((await access.nodes()).map(({ name }) => name)).toEqual(["a", "b"]);
  });

  it("a list that expires again and again is asked for whole; one that still expires may be tried again", async () => {
    const item = (name: string) => ({ metadata: { name, labels: {} }, status: {} });
    const expired = status(410, "Expired", "The provided continue parameter is too old");
    let whole: Said = { body: { items: [item("a"), item("b")] } };
    let asked = 0;
    say = (path) => {
      if (!path.startsWith("/api/v1/nodes")) return healthy(path);
      asked++;
      if (path.includes("continue=")) return expired;
      return path.includes("limit=")
        ? { body: { items: [item("a")], metadata: { continue: "next" } } }
        : whole;
    };
    const access = await portTo().clusters.reach(cluster);
    expect((await access.nodes()).map(({ name }) => name)).toEqual(["a", "b"]);
    expect(asked).toBeLessThan(10);
    whole = expired;
    await expect(access.nodes()).rejects.toMatchObject({ status: 410, retryable: true });
  });

  it("a redirect is never followed, to another host or to its own, with the token or without", async () => {
    const asked: string[] = [];
    const other = createProxy((request, response) => {
      asked.push(request.url ?? "");
      response.end('{"items": []}');
    });
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const elsewhere = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    try {
      for (const code of [301, 302, 303, 307, 308])
        for (const location of [`${elsewhere}/api/v1/nodes`, "/elsewhere"]) {
          say = (path) => {
            if (path === "/elsewhere") asked.push(path);
            return path === "/version" ? healthy(path) : { status: code, headers: { location } };
          };
          const access = await portTo().clusters.reach(cluster);
          await expect(access.nodes()).rejects.toMatchObject({ system: "kubernetes", status: code });
          await expect(access.log("a", "b", 0)).rejects.toMatchObject({ status: code });
        }
      expect(asked).toEqual([]);
    } finally {
      other.closeAllConnections();
      await new Promise((resolve) => other.close(resolve));
    }
  });

  it("a container is named in the request for its log, as the cluster may have put others beside it", async () => {
    const paths: string[] = [];
    say = (path) => {
      paths.push(path);
      return path.includes("/log")
        ? { text: "one\n", headers: { "content-type": "text/plain" } }
        : healthy(path);
    };
    const access = await portTo().clusters.reach(cluster);
    expect(await access.log("a", "b", 0, "attacker")).toEqual(["one"]);
    expect(paths.at(-1)).toContain("/log?container=attacker&");
  });

  it("a proxy's page is not taken for a log", async () => {
    say = healthy;
    const access = await portTo().clusters.reach(cluster);
    say = () => ({
      text: "<html>\nlog in\n</html>\n",
      headers: { "content-type": "text/html; charset=utf-8" },
    });
    await expect(access.log("a", "b", 0)).rejects.toMatchObject({ code: "InvalidBody", retryable: true });
  });

  it("a pod that does not end is ended without its node after a minute of ours, whatever the cluster's clock says", async () => {
    const labels = { "app.kubernetes.io/managed-by": "breakwater", "breakwater/run": "r-1" };
    const bodies: string[] = [];
    const pod = (deletionTimestamp: string) => ({
      metadata: { name: "p", uid: "u1", labels, deletionTimestamp },
    });
    const port = portTo();
    say = healthy;
    const access = await port.clusters.reach(cluster);
    const remove = () => access.remove({ apiVersion: "v1", kind: "Pod", namespace: "a", name: "p" }, "r-1");
    for (const skew of [-300_000, 300_000]) {
      const body = pod(new Date(port.clock.at + skew).toISOString());
      say = (_path, method) => {
        if (method === "DELETE") bodies.push(method);
        return { body };
      };
      expect(await remove()).toBe(false);
    }
    expect(bodies).toEqual([]);
    port.clock.at += 61_000;
    expect(await remove()).toBe(false);
    expect(bodies).toEqual(["DELETE"]);
  });

  it("a list whose token comes again and again ends", async () => {
    say = (path) => (path === "/version" ? {} : { body: { items: [], metadata: { continue: "again" } } });
    const access = await portTo().clusters.reach(cluster);
    await expect(access.nodes()).rejects.toMatchObject({ code: "ContinueLoop" });
  });

  it("a busy API server is asked again when it says, and not for ever", async () => {
    let [asked, refusals] = [0, 2];
    const refusal = { kind: "Status", status: "Failure", reason: "TooManyRequests", code: 429 };
    say = (path) => {
      if (path === "/version") return {};
      if (asked++ >= refusals) return { body: { kind: "NodeList", items: [] } };
      return { status: 429, headers: { "retry-after": "0" }, body: refusal };
    };
    const access = await portTo().clusters.reach(cluster);
    expect(await access.nodes()).toEqual([]);
    [asked, refusals] = [0, 100];
    await expect(access.nodes()).rejects.toMatchObject({ code: "TooManyRequests", retryAfter: 0 });
    expect(asked).toBeLessThan(10);
  });

  it("an answer that is no list is not a cluster without nodes; a list without items is an empty one", async () => {
    let body: object = {};
    say = (path) => (path === "/version" ? {} : { body });
    const access = await portTo().clusters.reach(cluster);
    for (body of [{}, { kind: "Status", apiVersion: "v1", status: "Success" }, { kind: "Node", items: 5 }])
      await expect(access.nodes()).rejects.toMatchObject({ code: "InvalidBody" });
    body = { kind: "NodeList", apiVersion: "v1", metadata: {}, items: null };
    expect(await access.nodes()).toEqual([]);
  });

  it("objects of any shape make no other error than ours", async () => {
    const shapes = [
      null,
      7,
      "x",
      [],
      {},
      { metadata: null },
      { metadata: { name: 7, labels: [] } },
      { status: "no" },
    ];
    say = (path) =>
      path === "/version" ? {} : { body: { items: shapes, status: { conditions: [null, 7] } } };
    const access = await portTo().clusters.reach(cluster);
    expect((await access.nodes()).every(({ sensor }) => sensor === "absent")).toBe(true);
    expect(await access.labelled()).toEqual([]);
    expect(await access.pod("a", "b")).toMatchObject({ phase: "Unknown", ready: false });
    const refused = await access.refusedRights([{ apiGroup: "", resource: "nodes", verbs: ["get"] }], "a");
    expect(refused.map(({ right }) => right)).toContain("get nodes");
  });

  it("objects that the selector should have kept away are not taken for ours", async () => {
    const foreign = { metadata: { name: "theirs", uid: "1", labels: { "breakwater/run": "r-1" } } };
    say = (path) => (path === "/version" ? {} : { body: { items: [foreign], ...foreign } });
    const access = await portTo().clusters.reach(cluster);
    expect(await access.labelled("r-1")).toEqual([]);
    expect(
      await access.remove({ apiVersion: "v1", kind: "Pod", namespace: "a", name: "theirs" }, "r-1"),
    ).toBe(true);
  });

  it("names of objects cannot leave their path", async () => {
    const paths: string[] = [];
    say = (path) => {
      paths.push(path);
      return healthy(path);
    };
    const access = await portTo().clusters.reach(cluster);
    await access.pod("../../kube-system", "x?watch=1");
    expect(paths.at(-1)).toBe("/api/v1/namespaces/..%2F..%2Fkube-system/pods/x%3Fwatch%3D1");
  });
});

describe("a cluster's trust and credentials", () => {
  it("another authority than the kubeconfig's is not trusted, and that is final", async () => {
    say = healthy;
    const other = readFileSync(throwAwayAuthority().caPath).toString("base64");
    const { clusters, calls } = portTo({}, { ca: other });
    await expect(clusters.reach(cluster)).rejects.toMatchObject({
      system: "kubernetes",
      status: 0,
      retryable: false,
    });
    expect(calls).not.toContain("run-command");
  });

  it("certificates that were rotated meanwhile are trusted by a new kubeconfig, which the next call fetches", async () => {
    say = healthy;
    const next = throwAwayAuthority();
    let trusted = authority;
    const { clusters } = portTo({
      kubeconfig: async () => {
        const data = readFileSync(trusted.caPath).toString("base64");
        return JSON.stringify({
          clusters: [{ name: "c", cluster: { server: url, "certificate-authority-data": data } }],
          users: [{ name: "u", user: { token: "given" } }],
          contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
        });
      },
    });
    const access = await clusters.reach(cluster);
    try {
      server.setSecureContext({ key: next.key, cert: next.certificate });
      server.closeAllConnections();
      await expect(access.nodes()).rejects.toMatchObject({ status: 0, retryable: true });
      await expect(clusters.reach(cluster)).rejects.toMatchObject({ status: 0, retryable: false });
      trusted = next;
      expect(await (await clusters.reach(cluster)).nodes()).toEqual([]);
    } finally {
      server.setSecureContext({ key: authority.key, cert: authority.certificate });
      server.closeAllConnections();
    }
  });

  it("the given token is used, else our own, renewed before its end", async () => {
    say = healthy;
    await (await portTo().clusters.reach(cluster)).nodes();
    expect(new Set(authorizations)).toEqual(new Set(["Bearer given"]));
    authorizations = [];
    const { clusters, clock, calls } = portTo({}, { user: { exec: { command: "kubelogin" } } });
    await (await clusters.reach(cluster)).nodes();
    expect(calls.filter((call) => call === "token")).toHaveLength(1);
    clock.at += 3_400_000;
    await (await clusters.reach(cluster)).nodes();
    expect(calls.filter((call) => call === "token")).toHaveLength(2);
    expect(new Set(authorizations).size).toBe(2);
  });

  it("who is not known any more gets new credentials at the next call", async () => {
    say = healthy;
    const { clusters, calls } = portTo();
    const access = await clusters.reach(cluster);
    say = () => status(401, "Unauthorized");
    await expect(access.nodes()).rejects.toMatchObject({ status: 401, code: "Unauthorized" });
    say = healthy;
    await (await clusters.reach(cluster)).nodes();
    expect(calls.filter((call) => call === "kubeconfig")).toHaveLength(2);
  });

  it("the connection is kept: many requests are one handshake", async () => {
    say = healthy;
    const access = await portTo().clusters.reach(cluster);
    const before = sockets;
    for (let turn = 0; turn < 5; turn++) await access.nodes();
    // Ten requests; a second connection may open while the first is just being given back.
    expect(authorizations.length).toBe(11);
    expect(sockets - before).toBeLessThanOrEqual(1);
  });

  it("the proxy of the environment is gone through, unless NO_PROXY excepts the server", async () => {
    say = healthy;
    const through: string[] = [];
    const proxy = createProxy().on("connect", (request, client, head) => {
      through.push(request.url ?? "");
      const far = connect(Number(request.url?.split(":")[1]), "127.0.0.1", () => {
        client.write("HTTP/1.1 200 OK\r\n\r\n");
        far.write(head);
        far.pipe(client);
        client.pipe(far);
      });
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    await portTo({}, { proxy: { url: address, except: "127.0.0.1" } }).clusters.reach(cluster);
    expect(through).toEqual([]);
    await portTo({}, { proxy: { url: address, except: "" } }).clusters.reach(cluster);
    expect(through).toEqual([new URL(url).host]);
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
  });
});

describe("a cluster that cannot be reached", () => {
  const silent = { server: "" };
  // The near end of a connection: its port is in use as long as it is open, and refuses whoever calls it.
  let held: Socket;
  beforeAll(async () => {
    held = connect(Number(new URL(url).port), "127.0.0.1");
    await once(held, "connect");
    silent.server = `https://127.0.0.1:${held.localPort}`;
  });
  afterAll(() => held.destroy());

  it("is reached through Azure where it is private, and that is remembered", async () => {
    const { clusters, calls } = portTo({}, silent);
    const access = await clusters.reach({ ...cluster, private: true });
    expect(access.how).toBe("run-command");
    expect(await clusters.reach({ ...cluster, private: true })).toBe(access);
    expect(calls).toEqual(["kubeconfig", "run-command"]);
  });

  it("is reached through Azure where its name is not known here", async () => {
    const { clusters } = portTo({}, { server: "https://aks.privatelink.invalid" });
    expect((await clusters.reach(cluster)).how).toBe("run-command");
  });

  it("is not, where it is public and down: that may pass", async () => {
    const { clusters, calls } = portTo({}, silent);
    await expect(clusters.reach(cluster)).rejects.toMatchObject({ code: "ECONNREFUSED", retryable: true });
    expect(calls).not.toContain("run-command");
    // Nothing of the failure is kept.
    await expect(clusters.reach(cluster)).rejects.toMatchObject({ code: "ECONNREFUSED" });
    expect(calls).toEqual(["kubeconfig", "kubeconfig"]);
  });

  it("says what Azure said where neither way works", async () => {
    const startCommand = () =>
      Promise.reject(
        new UpstreamError("no right", {
          system: "azure",
          status: 403,
          code: "AuthorizationFailed",
          retryable: false,
        }),
      );
    const { clusters } = portTo({ startCommand }, silent);
    await expect(clusters.reach({ ...cluster, private: true })).rejects.toMatchObject({
      code: "AuthorizationFailed",
    });
  });
});

describe("a command in a container", () => {
  const frame = (stream: number, text: string) => Buffer.concat([Buffer.from([stream]), Buffer.from(text)]);
  let listener: WebSocketServer | undefined;
  afterEach(() => listener?.close());

  async function execAgainst(frames: Buffer[], end = true) {
    say = healthy;
    server.removeAllListeners("upgrade");
    listener = new WebSocketServer({ noServer: true, handleProtocols: () => "v5.channel.k8s.io" });
    server.on("upgrade", (request, socket, head) =>
      listener?.handleUpgrade(request, socket, head, (client) => {
        for (const one of frames) client.send(one);
        if (end) client.close();
      }),
    );
    const access = await portTo().clusters.reach(cluster);
    return access.exec("a", "b", "c", ["true"]);
  }

  it.each([
    [
      "a validating admission policy",
      422,
      "Invalid",
      `pods "b" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: only there`,
    ],
    ["an admission webhook", 403, "Forbidden", 'admission webhook "x" denied the request: no exec here'],
    ["a right that is missing", 403, "Forbidden", 'pods "b" is forbidden: User "u" cannot get resource'],
    ["a pod that is not there", 404, "NotFound", 'pods "b" not found'],
    ["a kubelet that does not answer", 500, "InternalError", "error dialing backend: EOF"],
  ] as const)("refused by %s, the call keeps the server's words", async (_, code, reason, message) => {
    say = healthy;
    server.removeAllListeners("upgrade");
    server.on("upgrade", (_request, socket) => {
      const body = JSON.stringify(status(code, reason, message).body);
      socket.end(
        `HTTP/1.1 ${code} ${reason}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
      );
    });
    const access = await portTo().clusters.reach(cluster);
    await expect(access.exec("a", "b", "c", ["true"])).rejects.toMatchObject({
      status: code,
      code: reason,
      message: expect.stringContaining(message),
    });
  });

  it.each([301, 302, 303, 307, 308])("is not sent on to where a %i leads", async (code) => {
    say = healthy;
    const asked: string[] = [];
    server.removeAllListeners("upgrade");
    server.on("upgrade", (request, socket) => {
      asked.push(request.url ?? "");
      socket.end(`HTTP/1.1 ${code} Moved\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n`);
    });
    const access = await portTo().clusters.reach(cluster);
    await expect(access.exec("a", "b", "c", ["true"])).rejects.toMatchObject({ status: code });
    expect(asked).toEqual([expect.stringContaining("/exec")]);
  });

  it("survives empty messages, unknown streams and streams that are closed for us", async () => {
    const frames = [
      Buffer.alloc(0),
      Buffer.from([255]),
      Buffer.from([255, 1]),
      frame(9, "?"),
      frame(1, "out"),
      frame(2, "err"),
    ];
    const ended = frame(3, JSON.stringify({ status: "Success" }));
    expect(await execAgainst([...frames, ended])).toEqual({ exitCode: 0, output: "outerr" });
    expect(process.stdout.writableEnded).toBe(false);
  });

  it.each([
    ["a status that is no JSON", [frame(3, "{")], "ExecFailed"],
    [
      "a status without an exit code",
      [frame(3, JSON.stringify({ status: "Failure", message: "no such file" }))],
      "ExecFailed",
    ],
    ["an end before the status", [frame(1, "half")], "ECONNRESET"],
  ] as const)("tells %s from an exit code", async (_, frames, code) => {
    await expect(execAgainst([...frames])).rejects.toMatchObject({ system: "kubernetes", code });
  });

  it("keeps 64 kB of what is put out", async () => {
    const ended = frame(3, JSON.stringify({ status: "Success" }));
    const { output } = await execAgainst([...Array(20).fill(frame(1, "x".repeat(10_000))), ended]);
    expect(output).toHaveLength(64 * 1024);
  });
});
