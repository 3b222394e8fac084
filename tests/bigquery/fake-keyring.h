/* fake-keyring.h: a Secret Service of our own on a private bus, which misbehaves as told
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <gio/gio.h>

typedef enum
{
  FAKE_KEYRING_OPEN,
  FAKE_KEYRING_LOCKED,    /* the person opens it when asked */
  FAKE_KEYRING_DISMISSED, /* locked, and the person closes the question */
  FAKE_KEYRING_DENIED,
  FAKE_KEYRING_MUTE, /* hears, and never answers */
} FakeKeyringMood;

typedef struct _FakeKeyring FakeKeyring;
/* The process's session bus is a fresh one from then on, with nothing else on it. */
void         fake_keyring_use_private_bus (void);
FakeKeyring *fake_keyring_new (void);
void         fake_keyring_free (FakeKeyring *self);
void         fake_keyring_set_mood (FakeKeyring *self, FakeKeyringMood mood);
guint        fake_keyring_count (FakeKeyring *self);
/* Of the only item; NULL: there is none. */
const char *fake_keyring_secret (FakeKeyring *self);
/* Somebody else deletes it: at once, or after the next search has found it. */
void fake_keyring_delete (FakeKeyring *self, gboolean after_search);
