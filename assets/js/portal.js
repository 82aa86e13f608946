// Every page works without this file; here is only what makes it more pleasant.
import { Button } from "govuk-frontend/dist/govuk/components/button/button.mjs";
import { Checkboxes } from "govuk-frontend/dist/govuk/components/checkboxes/checkboxes.mjs";
import { ErrorSummary } from "govuk-frontend/dist/govuk/components/error-summary/error-summary.mjs";
import { NotificationBanner } from "govuk-frontend/dist/govuk/components/notification-banner/notification-banner.mjs";
import { PasswordInput } from "govuk-frontend/dist/govuk/components/password-input/password-input.mjs";
import { Radios } from "govuk-frontend/dist/govuk/components/radios/radios.mjs";
import { SkipLink } from "govuk-frontend/dist/govuk/components/skip-link/skip-link.mjs";
import { createAll } from "govuk-frontend/dist/govuk/init.mjs";
import { chooseWholePage } from "./choose_whole_page.js";
import { drawPicture } from "./draw_picture.js";
import { followProgress } from "./follow_progress.js";
import { keepTyped } from "./keep_typed.js";
import { printPage } from "./print_page.js";
import { queueKeys } from "./queue_keys.js";
import { sendOnce } from "./send_once.js";

// The design system looks for this class; it would set it by an inline script, which the policy of these pages forbids.
document.body.classList.add("js-enabled", "govuk-frontend-supported");

for (const component of [
  Button,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Radios,
  SkipLink,
]) {
  createAll(component);
}

keepTyped(document); // before sendOnce: a page that is being kept leaves a little later
sendOnce(document);
chooseWholePage(document);
drawPicture(document);
printPage(document);
queueKeys(document);
followProgress(document);
