// What every page does: the menu on phones, dialogs, busy buttons, toasts, keys. Each part is a small module.

import { startBlockedButtons, startBusyButtons } from "./buttons.js";
import { startDialogs } from "./dialogs.js";
import { startErrorSummary, startPasswordToggle, startRequiredWords, startUnsavedWarning } from "./forms.js";
import { startKeys } from "./keys.js";
import { startAccountMenu, startFolds, startPhoneMenu } from "./menus.js";
import { startFreshTokens, startHtmx } from "./requests.js";
import { startToasts } from "./toasts.js";

startPhoneMenu();
startAccountMenu();
startDialogs();
startBusyButtons();
startBlockedButtons();
startErrorSummary(document);
startPasswordToggle();
startRequiredWords();
startUnsavedWarning();
startToasts();
startKeys();
startFolds();
startFreshTokens();
startHtmx();
