import { scenario } from "../definitions/scenario.ts";
import { attackOf, expectedOf, webShellAlert } from "../domain/simulations/attack-tool.ts";

export default scenario({
  ...attackOf("secrets"),
  texts: {
    en: {
      summary: "Secrets gathering: a container searches its files and environment for secrets",
      happens:
        "Microsoft's attack simulation: through the web shell, the victim's pod searches its own file system and environment for keys, passwords and tokens, and asks the metadata service (169.254.169.254) which cloud it is in. Nothing else leaves its container but the tool's log, in which the bot hides tokens.",
      cannotTell: "Which secrets your own workloads hold: only the throw-away pod is searched.",
    },
    ja: {
      summary: "シークレットの収集: コンテナー内のファイルと環境変数からシークレットを探します",
      happens:
        "Microsoft の攻撃シミュレーションです。被害側のポッドが Web シェル経由で、自身のファイル システムと環境変数から鍵、パスワード、トークンを探し、メタデータ サービス (169.254.169.254) にクラウドの種類を問い合わせます。ほかにコンテナーの外に出るのはツールのログだけで、その中のトークンはボットが伏せます。",
      cannotTell: "実際のワークロードが持つシークレット。探すのは使い捨てのポッドの中だけです。",
    },
  },
  tactics: ["CredentialAccess", "Discovery", "Persistence"],
  expects: [webShellAlert, ...expectedOf.secrets],
});
