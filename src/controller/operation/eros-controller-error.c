/* eros-controller-error.c: what can go wrong with the work, in all rooms of the controller
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-config.h"

#include "eros-controller-error.h"

#include "eros-error-domain.h"

EROS_DEFINE_ERROR_DOMAIN (controller)
