/* foreign-texts.c: texts as somebody sends them who wants to be taken for somebody else, and a record full of
 * them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "foreign-texts.h"

/* Written down anew, so that a mistake in the program's own list does not hide here too. */
static const gunichar hidden[] = {
  0x01,   0x07,   0x08,   0x0b,   0x0c,   0x0d,   0x1b,   0x1f,   0x7f,   0x80,    0x84,
  0x85,   0x8d,   0x90,   0x9b,   0x9c,   0x9d,   0x9f,   0xad,   0x61c,  0x180e,  0x200b,
  0x200c, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d,  0x202e,
  0x2060, 0x2063, 0x2066, 0x2067, 0x2068, 0x2069, 0x206f, 0xfeff, 0xfff9, 0xe0041,
};

static const char *const attacks[] = {
  "\x1b]0;owned\x07",
  "\x1b]8;;http://evil.example\x1b\\OK\x1b]8;;\x1b\\",
  "\x1b]52;c;cm0gLXJm\x07",
  "\x1b[2J\x1b[H✔ all is well",
  "bad\r✔ signed by Ada",
  "\x1b[1A\x1b[2K✔ signed by Ada",
  "\x9b"
  "31m",
  "\xc2\x9b"
  "31mred",
  "\xe2\x80\xae"
  "kcab dna",
  "invoice\xe2\x80\xae"
  "fdp.exe",
  "\xe2\x81\xa6nested\xe2\x81\xa7more\xe2\x81\xa9\xe2\x81\xa9",
  "Ada\xe2\x80\xa8✔ whole",
  "x\b\b\b\bAda",
  "caption\xe2\x80\x8b_bank",
};

char *
foreign_text (guint i)
{
  char raw[8] = "";

  g_assert_cmpuint (i, <, N_FOREIGN_TEXTS);
  if (i < G_N_ELEMENTS (attacks))
    return g_utf8_make_valid (attacks[i], -1);
  i -= G_N_ELEMENTS (attacks);
  raw[g_unichar_to_utf8 (hidden[i % G_N_ELEMENTS (hidden)], raw)] = '\0';
  return i < G_N_ELEMENTS (hidden) ? g_strdup_printf ("caption%sbank", raw)
                                   : g_strdup_printf ("%s✔ Ada %u", raw, i);
}

static gboolean
is_in (gunichar c, gunichar first, gunichar last)
{
  return c >= first && c <= last;
}

const char *
foreign_find_raw (const char *text, gboolean lines)
{
  g_assert_true (g_utf8_validate (text, -1, NULL));
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);

      if (c == '\n' && lines)
        continue;
      if (c < 0x20 || is_in (c, 0x7f, 0x9f) || c == 0xad || c == 0x61c || c == 0x180e ||
          is_in (c, 0x200b, 0x200f) || is_in (c, 0x2028, 0x202e) || is_in (c, 0x2060, 0x206f) ||
          c == 0xfeff || is_in (c, 0xfff9, 0xfffb) || is_in (c, 0xe0000, 0xe0fff))
        return at;
    }
  return NULL;
}

static ErosDeployment *
make_plain (const char *folder)
{
  const ErosDeploymentSetup setup = {
    .name = (char *) "EROS 2.4",
    .window_start = (char *) "2026-11-24T14:00:00Z",
    .window_end = (char *) "2026-11-24T16:00:00Z",
    .lead_name = (char *) "Grace Hopper",
    .lead_email = (char *) "grace@example.com",
    .lead_phone = (char *) "",
    .environment = EROS_ENVIRONMENT_STAGING,
    .project = (char *) "eros-staging",
    .dataset = (char *) "eros_platform",
    .location = (char *) "US",
    .bucket = (char *) "eros-platform-backups",
    .profile = (char *) "nowhere",
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (ErosRunbook) runbook = eros_runbook_load_default (&error);
  g_autoptr (GFile) file = g_file_new_build_filename (folder, "foreign.erosdeploy", NULL);
  ErosDeployment *deployment = eros_deployment_create (file, runbook, &setup, "Grace Hopper", &error);

  g_assert_no_error (error);
  return deployment;
}

/* As a program would that checks nothing: names and texts, name, text, … NULL. */
static void
append (ErosDeployment *deployment, const char *kind, ...)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (GError) error = NULL;
  JsonObject *body = json_object_new ();
  va_list pairs;
  const char *name;

  va_start (pairs, kind);
  while ((name = va_arg (pairs, const char *)) != NULL)
    json_object_set_string_member (body, name, va_arg (pairs, const char *));
  va_end (pairs);
  json_node_take_object (node, body);
  if (g_str_has_prefix (kind, "operation.started"))
    json_object_set_object_member (body, "arguments", json_object_new ());
  g_assert_nonnull (
    eros_journal_append (eros_deployment_get_journal (deployment), "Grace Hopper", kind, node, &error));
  g_assert_no_error (error);
}

static void
append_operation (ErosDeployment *deployment, guint i, const char *text)
{
  g_autofree char *id = g_strdup_printf ("operation-%u", i);

  append (deployment, "operation.started", "operation", i % 2 == 0 ? "backup" : "monitoring", "id", id,
          "title", text, NULL);
  append (deployment, "step.started", "id", id, "step", "snapshot.caption_bank", "title", text, NULL);
  append (deployment, "step.ended", "id", id, "step", "snapshot.caption_bank", "outcome", "fail", "error",
          text, "line_text", text, NULL);
  append (deployment, "operation.ended", "operation", i % 2 == 0 ? "backup" : "monitoring", "id", id,
          "outcome", "fail", "error", text, NULL);
}

static const char *const boxes[] = {
  "preparation.sign-off.product-owner",    "preparation.sign-off.technical-lead",
  "preparation.sign-off.on-call-engineer", "preparation.sign-off.rollback-authority",
  "preparation.environment.project",       "preparation.environment.dataset",
  "preparation.environment.permissions",   "preparation.environment.client",
  "preparation.environment.bucket",        "preparation.environment.network"
};
static const char *const gates[] = { "gate.approvals", "gate.backup", "gate.health", "gate.baseline" };

ErosDeployment *
foreign_deployment (const char *folder)
{
  ErosDeployment *deployment = make_plain (folder);

  for (guint i = 0; i < N_FOREIGN_TEXTS; i++)
    {
      const char *box = boxes[i % G_N_ELEMENTS (boxes)];
      g_autofree char *text = foreign_text (i);

      append (deployment, "note.set", "element", box, "text", text, NULL);
      append (deployment, "item.not-applicable", "element", "preparation.testing.staging", "reason", text,
              NULL);
      append (deployment, "check.finished", "element", box, "check", "x", "outcome", "fail", "summary", text,
              NULL);
      append (deployment, "field.set", "field", "preparation.environment.project.id", "value", text, NULL);
      append (deployment, "field.recorded", "field", "preparation.environment.dataset.name", "value", text,
              NULL);
      append (deployment, "gate.overridden", "gate", gates[i % G_N_ELEMENTS (gates)], "name", text, "reason",
              text, NULL);
      append (deployment, "sign-off.signed", "element", "sign-off.confirmation.technical-lead", "name", text,
              NULL);
      append_operation (deployment, i, text);
    }
  return deployment;
}
