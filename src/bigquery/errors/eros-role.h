/* eros-role.h: roles by the name under which an administrator finds them
 *
 * https://cloud.google.com/iam/docs/roles-permissions
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#define EROS_ROLE_JOBS    "BigQuery Job User"
#define EROS_ROLE_LIST    "BigQuery Resource Viewer"
#define EROS_ROLE_DATA    "BigQuery Data Owner" /* the least that may delete a snapshot */
#define EROS_ROLE_ADMIN   "BigQuery Admin"      /* the least that may change a scheduled query */
#define EROS_ROLE_STORAGE "Storage Admin"       /* the least that may look at a bucket and change what is in it */
#define EROS_ROLE_BROWSER "Browser"
#define EROS_ROLE_USAGE   "Service Usage Consumer"
