import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { UpstreamError } from "../../src/errors.ts";
import { readKubeconfig } from "../../src/kubernetes/connection/kubeconfig.ts";
import { proxyFor } from "../../src/kubernetes/connection/proxy.ts";

const pem = (kind: string) =>
  Buffer.from(`-----BEGIN ${kind}-----\nAAAA\n-----END ${kind}-----\n`).toString("base64");

function kubeconfig(user: object, cluster: object = {}): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "c",
    contexts: [
      { name: "other", context: { cluster: "other", user: "other" } },
      { name: "c", context: { cluster: "k", user: "u" } },
    ],
    clusters: [
      {
        name: "k",
        cluster: {
          server: "https://aks-1.hcp.japaneast.azmk8s.io:443",
          "certificate-authority-data": pem("CERTIFICATE"),
          ...cluster,
        },
      },
    ],
    users: [{ name: "u", user }],
  });
}

const kubelogin = (...args: string[]) => ({ exec: { command: "kubelogin", args: ["get-token", ...args] } });
const aks = "6dae42f8-4368-4678-94ff-3960e28e3630";

describe("a kubeconfig", () => {
  it("of a local account: its token, or its client certificate, as given", () => {
    const way = readKubeconfig(
      kubeconfig({ token: "secret" }, { "proxy-url": "http://proxy:3128", "tls-server-name": "aks" }),
    );
    expect(way).toMatchObject({
      server: "https://aks-1.hcp.japaneast.azmk8s.io",
      authority: expect.stringContaining("BEGIN CERTIFICATE"),
      proxy: "http://proxy:3128",
      serverName: "aks",
      user: { kind: "given", token: "secret" },
    });
    const certificate = {
      "client-certificate-data": pem("CERTIFICATE"),
      "client-key-data": pem("RSA PRIVATE KEY"),
    };
    expect(readKubeconfig(kubeconfig(certificate)).user).toMatchObject({
      kind: "given",
      key: expect.stringContaining("RSA PRIVATE KEY"),
    });
  });

  it.each([
    ["kubelogin", kubelogin("--server-id", aks)],
    [
      "kubelogin by its path",
      { exec: { command: "/usr/local/bin/kubelogin", args: ["--server-id", aks.toUpperCase()] } },
    ],
    ["kubelogin without words", { exec: { command: "kubelogin.exe", args: null } }],
    ["the old azure provider", { "auth-provider": { name: "azure", config: { "apiserver-id": aks } } }],
  ])("that names %s is reached with the bot's own identity", (_, user) => {
    expect(readKubeconfig(kubeconfig(user)).user).toEqual({ kind: "entra" });
  });

  const trap = join(tmpdir(), `breakwater-trap-${process.pid}`);
  it.each([
    ["a program to be run", kubeconfig({ exec: { command: "/bin/sh", args: ["-c", `touch ${trap}`] } })],
    [
      "a program with a familiar ending",
      kubeconfig({ exec: { command: "sh -c kubelogin; touch", args: [] } }),
    ],
    [
      "a token for somebody else",
      kubeconfig(kubelogin("--server-id", "00000003-0000-0000-c000-000000000000")),
    ],
    ["another provider", kubeconfig({ "auth-provider": { name: "gcp", config: { "cmd-path": "/bin/sh" } } })],
    ["a file as its token", kubeconfig({ tokenFile: "/etc/passwd", "token-file": "/etc/passwd" })],
    [
      "files as its certificate",
      kubeconfig({ "client-certificate": "/etc/passwd", "client-key": "/etc/passwd" }),
    ],
    ["a server in the clear", kubeconfig({ token: "t" }, { server: "http://aks-1:443" })],
    ["a server with credentials in it", kubeconfig({ token: "t" }, { server: "https://aks@evil.example" })],
    ["no server", kubeconfig({ token: "t" }, { server: null })],
    ["an authority that is none", kubeconfig({ token: "t" }, { "certificate-authority-data": "AAAA" })],
    ["a proxy of an unknown kind", kubeconfig({ token: "t" }, { "proxy-url": "file:///etc" })],
    [
      "a context that is not there",
      kubeconfig({ token: "t" }).replace("current-context: c", "current-context: x"),
    ],
    ["no user's credentials", kubeconfig({})],
    ["no YAML", "a: [b\n- {"],
    ["aliases that multiply", `a: &a [x]\nb: &b [${"*a,".repeat(50)}]\nc: [${"*b,".repeat(50)}]`],
    ["a text of two megabytes", `#${"x".repeat(2_000_000)}`],
    ["nothing", ""],
  ])("that holds %s is refused, and nothing of it is run, read or quoted", (_, source) => {
    expect(() => readKubeconfig(source)).toThrowError(
      expect.objectContaining({ code: "InvalidKubeconfig", system: "kubernetes", retryable: false }),
    );
    expect(existsSync(trap)).toBe(false);
  });

  it("never makes anything but our own error of any text", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.jsonValue().map((value) => stringify(value)),
        ),
        (source) => {
          try {
            readKubeconfig(source);
          } catch (error) {
            expect(error).toBeInstanceOf(UpstreamError);
          }
        },
      ),
    );
  });

  it("never quotes a secret in what it says is wrong", () => {
    const source = kubeconfig({ token: "very-secret" }, { server: "ftp://x" });
    expect(() => readKubeconfig(source)).toThrowError(
      expect.objectContaining({ message: expect.not.stringContaining("very-secret") }),
    );
  });
});

describe("the proxy towards a cluster", () => {
  const server = "https://aks-1.hcp.japaneast.azmk8s.io:8443";
  const proxy = (except: string) => ({ url: "http://proxy:3128", except });

  it("is the kubeconfig's own before that of the environment", () => {
    expect(proxyFor(server, "http://own:1", proxy("*"))).toBe("http://own:1");
    expect(proxyFor(server, undefined, proxy(""))).toBe("http://proxy:3128");
    expect(proxyFor(server, undefined, undefined)).toBeUndefined();
  });

  it.each([
    "*",
    "azmk8s.io",
    ".azmk8s.io",
    "*.AZMK8S.io",
    "localhost, aks-1.hcp.japaneast.azmk8s.io",
    "azmk8s.io:8443",
  ])("is left out where NO_PROXY says %s", (except) => {
    expect(proxyFor(server, undefined, proxy(except))).toBeUndefined();
  });

  it.each(["mk8s.io", "azmk8s.io:443", "example.com", "io2"])("is kept where NO_PROXY says %s", (except) => {
    expect(proxyFor(server, undefined, proxy(except))).toBe("http://proxy:3128");
  });
});
