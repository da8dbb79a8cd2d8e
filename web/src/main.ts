import { createApp } from "vue";
import AppRoot from "./AppRoot.vue";
import { listenForKeys } from "./base/keys";
import { startTheme } from "./base/look";
import { followHistory } from "./base/router";
import "./base/tokens.css";
import "./base/ui.css";
import { startLang } from "./text/text";

startLang();
startTheme();
followHistory();
listenForKeys();
createApp(AppRoot).mount("#app");
