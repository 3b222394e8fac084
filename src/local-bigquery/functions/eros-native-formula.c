/* eros-native-formula.c: FLOAT64 arithmetic of several operations in one call
 *
 * A call from SQLite costs more than the multiplication it is made for. So the translation writes a whole
 * tree of FLOAT64 operations as one call, `bq_formula (steps, x, y, …)`: @steps is the tree in postfix form,
 * "a0" for the first value after it, "c" and a number for a constant, an operation's code otherwise, which a
 * "?" before it makes NULL where it would fail.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "eros-native-private.h"

#define MAX_STACK 64

typedef enum
{
  OP_ARGUMENT,
  OP_CONSTANT,
  OP_ADD,
  OP_SUBTRACT,
  OP_MULTIPLY,
  OP_DIVIDE,
  OP_NEGATE,
  OP_ABS,
  OP_SQRT,
  OP_EXP,
  OP_LN,
  OP_SIN,
  OP_COS,
  OP_POW,
  OP_RAND,
  OP_LESS,
  OP_LESS_OR_EQUAL,
  OP_GREATER,
  OP_GREATER_OR_EQUAL,
} Op;

/* The name is the one in an error. */
static const struct
{
  const char *native;
  const char *code;
  Op op;
  guint n_operands;
  const char *name;
} operations[] = {
  { "bq_float64_add", "add", OP_ADD, 2, "+" },
  { "bq_float64_subtract", "sub", OP_SUBTRACT, 2, "-" },
  { "bq_float64_multiply", "mul", OP_MULTIPLY, 2, "*" },
  { "bq_float64_divide", "div", OP_DIVIDE, 2, "/" },
  { "bq_float64_negate", "neg", OP_NEGATE, 1, "-" },
  { "bq_float64_abs", "abs", OP_ABS, 1, "ABS" },
  { "bq_float64_sqrt", "sqrt", OP_SQRT, 1, "SQRT" },
  { "bq_float64_exp", "exp", OP_EXP, 1, "EXP" },
  { "bq_float64_ln", "ln", OP_LN, 1, "LN" },
  { "bq_float64_sin", "sin", OP_SIN, 1, "SIN" },
  { "bq_float64_cos", "cos", OP_COS, 1, "COS" },
  { "bq_float64_pow", "pow", OP_POW, 2, "POW" },
  { "bq_rand", "rand", OP_RAND, 0, "RAND" },
  { "bq_float64_less", "lt", OP_LESS, 2, "<" },
  { "bq_float64_less_or_equal", "le", OP_LESS_OR_EQUAL, 2, "<=" },
  { "bq_float64_greater", "gt", OP_GREATER, 2, ">" },
  { "bq_float64_greater_or_equal", "ge", OP_GREATER_OR_EQUAL, 2, ">=" },
};

/**
 * eros_function_get_formula_code:
 * @native: a native function's name
 * @is_comparison: (out): whether it yields a BOOL, and so can only be a formula's last step
 *
 * Returns: (nullable): the code of the operation in a formula, or %NULL when it cannot be in one
 */
const char *
eros_function_get_formula_code (const char *native, gboolean *is_comparison)
{
  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    if (strcmp (operations[i].native, native) == 0)
      {
        *is_comparison = operations[i].op >= OP_LESS;
        return operations[i].code;
      }
  return NULL;
}

typedef struct
{
  Op op;
  gboolean safe;
  int argument;
  double constant;
  const char *name;
} Step;

typedef struct
{
  guint n_steps;
  int n_arguments;
  Step steps[];
} Formula;

static gboolean
read_operation (const char *word, Step *step, guint *n_operands)
{
  step->safe = *word == '?';
  for (guint i = 0; i < G_N_ELEMENTS (operations); i++)
    if (strcmp (operations[i].code, word + step->safe) == 0)
      {
        step->op = operations[i].op;
        step->name = operations[i].name;
        *n_operands = operations[i].n_operands;
        return TRUE;
      }
  return FALSE;
}

/* Each step is checked, so that evaluating need not. */
static gboolean
read_step (const char *word, Formula *formula, guint *height)
{
  Step *step = &formula->steps[formula->n_steps];
  guint n_operands = 0;

  if (word[0] == 'c' && g_ascii_isdigit (word[word[1] == '-' ? 2 : 1]))
    {
      step->op = OP_CONSTANT;
      step->constant = g_ascii_strtod (word + 1, NULL);
    }
  else if (word[0] == 'a' && g_ascii_isdigit (word[1]))
    {
      step->op = OP_ARGUMENT;
      step->argument = (int) g_ascii_strtoull (word + 1, NULL, 10) + 1;
      formula->n_arguments = MAX (formula->n_arguments, step->argument);
    }
  else if (!read_operation (word, step, &n_operands) || *height < n_operands)
    return FALSE;
  *height += 1 - n_operands;
  return *height <= MAX_STACK;
}

static Formula *
read_formula (const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  guint n_steps = g_strv_length (words);
  Formula *formula = g_malloc0 (sizeof *formula + n_steps * sizeof (Step));
  guint height = 0;

  for (; formula->n_steps < n_steps; formula->n_steps++)
    if (!read_step (words[formula->n_steps], formula, &height))
      break;
  if (formula->n_steps == n_steps && height == 1)
    return formula;
  g_free (formula);
  return NULL;
}

typedef struct
{
  double real;
  gboolean is_null;
} Slot;

/* FALSE where it fails. */
static gboolean
compute (const Step *step, double a, double b, double *result)
{
  double x = 0;

  switch (step->op)
    {
    case OP_ADD:
      x = a + b;
      break;
    case OP_SUBTRACT:
      x = a - b;
      break;
    case OP_MULTIPLY:
      x = a * b;
      break;
    case OP_DIVIDE:
      x = a / b;
      *result = x;
      return b != 0 && !(isinf (x) && isfinite (a));
    case OP_POW:
      x = pow (a, b);
      *result = x;
      return isfinite (x) || !isfinite (a) || !isfinite (b);
    case OP_LESS:
      x = a < b;
      break;
    case OP_LESS_OR_EQUAL:
      x = a <= b;
      break;
    case OP_GREATER:
      x = a > b;
      break;
    case OP_GREATER_OR_EQUAL:
      x = a >= b;
      break;
    case OP_NEGATE:
      x = -a;
      break;
    case OP_ABS:
      x = fabs (a);
      break;
    case OP_SQRT:
      *result = sqrt (a);
      return !(a < 0);
    case OP_EXP:
      x = exp (a);
      *result = x;
      return isfinite (x) || !isfinite (a);
    case OP_LN:
      x = a < 0 ? (double) NAN : log (a);
      *result = x;
      return isfinite (x) || !isfinite (a);
    case OP_SIN:
      x = sin (a);
      break;
    case OP_COS:
      x = cos (a);
      break;
    case OP_ARGUMENT:
    case OP_CONSTANT:
    case OP_RAND:
      break;
    }
  *result = x;
  /* of +, - and *: finite operands, infinite result */
  return !isinf (x) || !isfinite (a) || !isfinite (b);
}

static gboolean
is_unary (Op op)
{
  return op >= OP_NEGATE && op <= OP_COS;
}

/* In the words of the function that does this alone */
static void
fail (sqlite3_context *context, const Step *step, double a, double b)
{
  if (step->op == OP_DIVIDE && b == 0)
    eros_native_fail (context, "division by zero: %g / %g", a, b);
  else if (step->op == OP_SQRT)
    eros_native_fail (context, "Argument to SQRT cannot be negative: %g", a);
  else if (step->op == OP_POW)
    eros_native_fail (context, "Floating point error in function: POW(%g, %g)", a, b);
  else if (is_unary (step->op))
    eros_native_fail (context, "Floating point error in function: %s(%g)", step->name, a);
  else
    eros_native_fail (context, "double overflow: %g %s %g", a, step->name, b);
}

/* Takes the operands from the stack and puts the result there; FALSE when the call has failed. */
static gboolean
apply (sqlite3_context *context, const Step *step, Slot **top)
{
  Slot *a = is_unary (step->op) ? *top - 1 : *top - 2;
  Slot *b = *top - 1;

  double left = a->real;

  *top = a + 1;
  a->is_null = a->is_null || b->is_null;
  if (a->is_null || compute (step, left, is_unary (step->op) ? 0 : b->real, &a->real))
    return TRUE;
  if (step->safe)
    {
      a->is_null = TRUE;
      return TRUE;
    }
  fail (context, step, left, b->real);
  return FALSE;
}

static gboolean
evaluate (sqlite3_context *context, const Formula *formula, sqlite3_value **values, Slot *result)
{
  Slot stack[MAX_STACK];
  Slot *top = stack;

  for (guint i = 0; i < formula->n_steps; i++)
    {
      const Step *step = &formula->steps[i];

      if (step->op == OP_ARGUMENT)
        {
          int type = sqlite3_value_type (values[step->argument]);

          top->is_null = type == SQLITE_NULL;
          top->real = type == SQLITE_BLOB ? (double) NAN : sqlite3_value_double (values[step->argument]);
          top++;
        }
      else if (step->op == OP_CONSTANT || step->op == OP_RAND)
        {
          top->is_null = FALSE;
          top->real = step->op == OP_CONSTANT ? step->constant : eros_native_next_rand ();
          top++;
        }
      else if (!apply (context, step, &top))
        return FALSE;
    }
  *result = stack[0];
  return TRUE;
}

/* Formulas that have been read, a thread: SQLite's own place for such things is a list, and slow when long.
 * They are found by where their text lies, and compared with it. */
#define N_PROBES 4
#define N_KEPT   (256 * N_PROBES)

typedef struct
{
  char *text;
  Formula *formula;
} Kept;

static void
keep_free (gpointer data)
{
  Kept *kept = data;

  for (guint i = 0; i < N_KEPT; i++)
    {
      g_free (kept[i].text);
      g_free (kept[i].formula);
    }
  g_free (kept);
}

/* At the first of its places; what was at the last one goes. */
static void
keep (Kept *kept, const char *text)
{
  Kept *last = kept + N_PROBES - 1;

  g_free (last->text);
  g_free (last->formula);
  memmove (kept + 1, kept, (N_PROBES - 1) * sizeof *kept);
  kept->text = g_strdup (text);
  kept->formula = read_formula (text);
}

static const Formula *
get_formula (const char *text)
{
  static GPrivate private = G_PRIVATE_INIT (keep_free);
  Kept *kept = g_private_get (&private);
  guint64 place = ((guintptr) text >> 4) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  if (kept == NULL)
    {
      kept = g_new0 (Kept, N_KEPT);
      g_private_set (&private, kept);
    }
  kept += (place >> 56) * N_PROBES;
  for (guint i = 0; i < N_PROBES && kept[i].text != NULL; i++)
    if (strcmp (kept[i].text, text) == 0)
      return kept[i].formula;
  keep (kept, text);
  return kept[0].formula;
}

static void
formula (sqlite3_context *context, int n, sqlite3_value **values)
{
  const char *text = (const char *) sqlite3_value_text (values[0]);
  const Formula *formula = text != NULL ? get_formula (text) : NULL;
  Slot result;

  if (formula == NULL || formula->n_arguments >= n)
    eros_native_fail (context, "Internal error: not a formula");
  else if (evaluate (context, formula, values, &result) && !result.is_null)
    {
      if (formula->steps[formula->n_steps - 1].op >= OP_LESS)
        sqlite3_result_int (context, result.real != 0);
      else
        eros_result_real (context, result.real);
    }
}

const ErosNative eros_native_formula[] = {
  { NULL, NULL, "bq_formula", 0, formula, NULL },
  { NULL, NULL, "bq_formula_volatile", EROS_FUNCTION_VOLATILE, formula, NULL },
  { NULL, NULL, NULL, 0, NULL, NULL },
};
