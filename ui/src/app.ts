// Everything essential works without this file; it saves typing, waiting and losing.

import { startAutosave } from "./autosave";
import { startFolds } from "./fold";
import { live } from "./live";
import { startLock } from "./lock";
import { focusSummary, quietTables, startConfirm, startCopy, startDatePick, startMenus } from "./menu";
import { startNarrow } from "./narrow";
import { startPasskeys } from "./passkey";
import { startPolling } from "./progress";
import { startPush } from "./push";
import { startWaiting } from "./report/waiting";
import { startUpload } from "./upload";

startMenus();
startFolds();
focusSummary();
startConfirm();
startCopy();
startDatePick();
startUpload();
startAutosave();
startLock();
startPolling();
startPasskeys();
startPush();
startNarrow();
startWaiting();
live();
quietTables();
