/* eros-sign-in-error.c: the error domain of signing in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-sign-in-error.h"

#include "eros-error-domain.h"

EROS_DEFINE_ERROR_DOMAIN (sign_in)
