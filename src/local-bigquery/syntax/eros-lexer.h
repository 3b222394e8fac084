/* eros-lexer.h: GoogleSQL text to tokens
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include "eros-arena.h"
#include "eros-ast.h"
#include "eros-keywords.h"

G_BEGIN_DECLS

typedef enum
{
  EROS_TOKEN_END,
  EROS_TOKEN_ERROR, /* text is the message */
  EROS_TOKEN_WORD,  /* keyword or identifier; text as written */
  EROS_TOKEN_QUOTED_WORD,
  EROS_TOKEN_INT,
  EROS_TOKEN_FLOAT,
  EROS_TOKEN_STRING,
  EROS_TOKEN_BYTES,
  EROS_TOKEN_SYMBOL,
} ErosTokenKind;

/* Symbols of more than one character; others are their character. */
typedef enum
{
  EROS_SYMBOL_NOT_EQUAL = 256, /* != <> */
  EROS_SYMBOL_LESS_EQUAL,
  EROS_SYMBOL_GREATER_EQUAL,
  EROS_SYMBOL_SHIFT_LEFT,
  EROS_SYMBOL_SHIFT_RIGHT,
  EROS_SYMBOL_CONCAT,     /* || */
  EROS_SYMBOL_ARROW,      /* => */
  EROS_SYMBOL_THIN_ARROW, /* -> */
  EROS_SYMBOL_DOUBLE_AT,  /* @@ */
  EROS_SYMBOL_PIPE,       /* |> */
} ErosSymbol;

typedef struct
{
  ErosTokenKind kind;
  ErosKeyword   keyword; /* of a WORD */
  int           symbol;
  ErosAstSpan   span;
  const char   *text; /* words without quotes, strings unescaped, numbers as written */
  gsize         length;
} ErosToken;

typedef struct
{
  const char *text;
  gsize       length;
  gsize       offset; /* where the next token is looked for */
  guint       line;
  guint       column;
  gboolean    after_dot;     /* a.select, a.1b: whatever follows is a name */
  gboolean    dot_is_access; /* the token before can be accessed: what follows "." is no fraction */
  ErosArena  *arena;
} ErosLexer;

void     eros_lexer_init (ErosLexer *lexer, ErosArena *arena, const char *text, gsize length);
void     eros_lexer_next (ErosLexer *lexer, ErosToken *token);
gboolean eros_lexer_scan_dashed (ErosLexer *lexer, const ErosToken *first, ErosToken *dashed);

G_END_DECLS
