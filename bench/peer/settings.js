// Node-RED without editor and projects; context in memory; SQLite is the one built into Node.
const sqlite = require("node:sqlite");
module.exports = {
  uiHost: "127.0.0.1",
  uiPort: 18800,
  flowFile: "flows.json",
  httpAdminRoot: false,
  disableEditor: true,
  telemetry: { enabled: false, updateNotification: false },
  logging: { console: { level: "warn" } },
  contextStorage: { default: { module: "memory" } },
  functionGlobalContext: { sqlite, database: process.env.PEER_DATABASE, form: process.env.PEER_FORM },
};
