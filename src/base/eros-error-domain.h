/* eros-error-domain.h: how a room defines its GError domain
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

/* Defines eros_NAME_error_quark (). NAME is a C identifier: a formatter cannot put spaces into the quark's text, as it
 * does around the dashes that G_DEFINE_QUARK () asks for. */
#define EROS_DEFINE_ERROR_DOMAIN(NAME)                                                                                 \
  GQuark eros_##NAME##_error_quark (void)                                                                              \
  {                                                                                                                    \
    static GQuark quark;                                                                                               \
    if (G_UNLIKELY (quark == 0))                                                                                       \
      quark = g_quark_from_static_string ("eros_" #NAME "_error");                                                     \
    return quark;                                                                                                      \
  }
