/** Enhancements of the citizen pages; every page works without them. */

import { appearance } from "../elements/appearance.ts";
import { autosave } from "../elements/autosave.ts";
import { copyButtons } from "../elements/copy.ts";
import { characterCounter } from "../elements/counter.ts";
import { dateEcho } from "../elements/date_echo.ts";
import { dialogs, menus } from "../elements/dialog.ts";
import { liveRegion, type Root } from "../elements/dom.ts";
import { errorSummary } from "../elements/errors.ts";
import { postalLookup } from "../elements/postal.ts";
import { filePreview } from "../elements/preview.ts";
import { printButtons } from "../elements/print.ts";
import { submitGuard } from "../elements/submit_guard.ts";

export function enhancePage(root: Root): void {
  errorSummary(root);
  dateEcho(root);
  postalLookup(root);
  characterCounter(root);
  filePreview(root);
  copyButtons(root);
  printButtons(root);
  autosave(root);
  appearance(root);
  dialogs(root);
}

liveRegion();
submitGuard();
menus();
enhancePage(document);
