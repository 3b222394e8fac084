/* eros-sign-in-error.h: why nobody is signed in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define EROS_SIGN_IN_ERROR (eros_sign_in_error_quark ())
typedef enum
{
  EROS_SIGN_IN_ERROR_FAILED,
  EROS_SIGN_IN_ERROR_INVALID_FILE, /* not a key file, or not one of the kind that was asked for */
  EROS_SIGN_IN_ERROR_UNSUPPORTED,  /* a kind of credentials that we do not speak */
  EROS_SIGN_IN_ERROR_NEEDED,       /* nobody is signed in (any more): sign in again */
  EROS_SIGN_IN_ERROR_REFUSED,      /* Google or the person says no */
  EROS_SIGN_IN_ERROR_CLOCK,        /* this computer's clock is wrong */
  EROS_SIGN_IN_ERROR_NO_KEYRING,
  EROS_SIGN_IN_ERROR_KEYRING_LOCKED,
  EROS_SIGN_IN_ERROR_KEYRING_DENIED,
} ErosSignInError;
GQuark eros_sign_in_error_quark (void);

G_END_DECLS
