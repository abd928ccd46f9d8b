/** The staff pages: the citizen enhancements, htmx, and what desks need. */

import "htmx.org";
import { dependentQuestions } from "../elements/questions.ts";
import { rowSelection } from "../elements/selection.ts";
import { sessionWarning } from "../elements/session_warning.ts";
import { shortcuts } from "../elements/shortcuts.ts";
import { toasts } from "../elements/toasts.ts";
import { enhancePage } from "./citizen.ts";

rowSelection(document);
dependentQuestions(document, enhancePage);
toasts();
sessionWarning();
shortcuts();
document.addEventListener("htmx:load", (event) => {
  const root = event.target;
  if (!(root instanceof Element)) return;
  enhancePage(root.parentElement ?? root);
  rowSelection(root.parentElement ?? root);
});
