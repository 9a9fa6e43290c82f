/** What to do about a check that Azure didn't answer. */
export const retryLater = {
  en: "Run /defender doctor again in a few minutes. If this stays, check the network and Azure's status page.",
  ja: "数分後に /defender doctor をもう一度実行してください。変わらない場合は、ネットワークと Azure の稼働状況を確認してください。",
};
