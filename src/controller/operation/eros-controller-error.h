/* eros-controller-error.h: what can go wrong with the work, in all rooms of the controller
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EROS_CONTROLLER_ERROR (eros_controller_error_quark ())
typedef enum
{
  EROS_CONTROLLER_ERROR_NOT_ALLOWED, /* by a gate; message says what is missing */
  EROS_CONTROLLER_ERROR_BUSY,
  EROS_CONTROLLER_ERROR_UNAVAILABLE, /* the service could not be reached or used */
  EROS_CONTROLLER_ERROR_UNSUPPORTED, /* this runbook asks for something this version does not do */
  EROS_CONTROLLER_ERROR_FAILED,
} ErosControllerError;
GQuark eros_controller_error_quark (void);

G_END_DECLS
