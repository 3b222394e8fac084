/* eros-dsse.c: a signed envelope around a statement for other programs
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "eros-dsse.h"

#include <string.h>
#include <openssl/bio.h>
#include <openssl/pem.h>

#include "eros-config.h"
#include <glib/gi18n-lib.h>

#include "eros-signer-private.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free_all)

/* What is signed: “DSSEv1”, then length and text of type and payload, so that neither can be taken for the
 * other. */
static char *
encode (const char *type, const char *payload)
{
  return g_strdup_printf ("DSSEv1 %" G_GSIZE_FORMAT " %s %" G_GSIZE_FORMAT " %s", strlen (type), type,
                          strlen (payload), payload);
}

/* (transfer full) (nullable): in PEM */
static char *
export_certificate (X509 *certificate)
{
  g_autoptr (BIO) memory = BIO_new (BIO_s_mem ());
  char *text = NULL;
  long length;

  if (PEM_write_bio_X509 (memory, certificate) != 1)
    return NULL;
  length = BIO_get_mem_data (memory, &text);
  return g_strndup (text, (gsize) length);
}

/**
 * eros_dsse_sign:
 * @signer: whose key
 * @type: of @payload, a media type
 * @payload: what is said
 * @error: return location for %EROS_SIGNER_ERROR
 *
 * The certificate rides along, as witness programs expect it; whom one believes is one's own decision.
 *
 * Returns: (transfer full): the envelope
 */
JsonNode *
eros_dsse_sign (ErosSigner *signer, const char *type, const char *payload, GError **error)
{
  g_autofree char *encoded = encode (type, payload);
  g_autoptr (GBytes) signature = eros_signer_sign (signer, encoded, strlen (encoded), error);
  g_autofree char *certificate = export_certificate (eros_signer_get_certificate (signer));
  g_autofree char *packed = g_base64_encode ((const guchar *) payload, strlen (payload));
  g_autofree char *base64 = NULL;
  JsonObject *envelope, *one;
  JsonArray *signatures;
  JsonNode *node;

  if (signature == NULL)
    return NULL;
  if (certificate == NULL)
    {
      eros_set_crypto_error (error, EROS_SIGNER_ERROR, EROS_SIGNER_ERROR_FAILED,
                             _ ("Could not sign the statement"));
      return NULL;
    }
  base64 = g_base64_encode (g_bytes_get_data (signature, NULL), g_bytes_get_size (signature));
  one = json_object_new ();
  json_object_set_string_member (one, "keyid", eros_signer_get_fingerprint (signer));
  json_object_set_string_member (one, "sig", base64);
  json_object_set_string_member (one, "certificate", certificate);
  signatures = json_array_new ();
  json_array_add_object_element (signatures, one);
  envelope = json_object_new ();
  json_object_set_string_member (envelope, "payloadType", type);
  json_object_set_string_member (envelope, "payload", packed);
  json_object_set_array_member (envelope, "signatures", signatures);
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, envelope);
  return node;
}
