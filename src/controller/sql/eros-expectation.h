/* eros-expectation.h: whether an answer is what was expected
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-deployment.h"

G_BEGIN_DECLS

/* answer: column name → text of its value (BigQuery's own form: "12", "0.5", "true"); absent or NULL: SQL NULL. */
typedef struct
{
  const ErosExpectation *all; /* (nullable) (array length=n) borrowed */
  guint                  n;
} ErosExpectations;

ErosOutcome eros_expectations_judge (ErosExpectations enough,
                                     ErosExpectations expected,
                                     GHashTable      *answer,
                                     ErosDeployment  *deployment,
                                     char           **why,
                                     GError         **error);
char       *eros_expectation_summary (const char *pattern, GHashTable *answer);

/* Puts what was expected into the evidence of a job, beside what was found. */
void eros_expectations_note (JsonObject      *evidence,
                             ErosExpectations enough,
                             ErosExpectations expected,
                             GHashTable      *answer,
                             ErosDeployment  *deployment);

G_END_DECLS
