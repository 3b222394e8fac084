/* shim.c: preloaded into a program, lets the N-th call of its kind fail, and its clock go wrong
 *
 * EROS_CHAOS_SHIM="CALL NTH ERRNO TIMES": from the NTH call on (from 1), TIMES of them (-1: all) fail with
 * ERRNO, or write less than they were given (ERRNO is SHORT). CALL is one of the names below, or "disk": all
 * that put bytes on a disk. Only calls on regular files count. EROS_CHAOS_PROGRAM: the program whose calls
 * count, by its name. EROS_CHAOS_SWITCH: a file; calls count and fail only while it is there.
 * EROS_CHAOS_COUNT: a file to which a line "CALL N" is added for each kind when the program ends.
 * EROS_CHAOS_CLOCK="OFFSET JUMP AFTER": the time of day is OFFSET seconds off, and JUMP more after AFTER
 * seconds.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define _GNU_SOURCE
#undef _FILE_OFFSET_BITS
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum
{
  WRITE,
  FSYNC,
  RENAME,
  LINK,
  MMAP,
  TRUNCATE,
  ALLOCATE,
  UNLINK,
  THREAD,
  N_CALLS
};

static const char *const names[] = { "write",    "fsync",    "rename", "link",  "mmap",
                                     "truncate", "allocate", "unlink", "thread" };

#define SHORT -1

static int wanted = -1; /* N_CALLS: of the disk */
static long nth = 1, times = 1;
static int failure = EIO;
static atomic_long counts[N_CALLS + 1];
static const char *switch_file, *count_file;
static double offset, jump, after;
static struct timespec begun;

#define REAL(name)                                                                                           \
  static __typeof__ (&name) real;                                                                            \
  if (real == NULL)                                                                                          \
  real = (__typeof__ (&name)) dlsym (RTLD_NEXT, #name)

static int
find_error (const char *name)
{
  static const struct
  {
    const char *name;
    int code;
  } codes[] = {
    { "ENOSPC", ENOSPC }, { "EIO", EIO },       { "EINTR", EINTR },
    { "EACCES", EACCES }, { "EROFS", EROFS },   { "EDQUOT", EDQUOT },
    { "ENOMEM", ENOMEM }, { "EAGAIN", EAGAIN }, { "SHORT", SHORT },
  };

  for (unsigned i = 0; i < sizeof codes / sizeof codes[0]; i++)
    if (strcmp (codes[i].name, name) == 0)
      return codes[i].code;
  return EIO;
}

static void __attribute__ ((constructor)) begin (void)
{
  const char *program = getenv ("EROS_CHAOS_PROGRAM");
  const char *rule = getenv ("EROS_CHAOS_SHIM");
  const char *clock = getenv ("EROS_CHAOS_CLOCK");
  char call[16], error[16];

  switch_file = getenv ("EROS_CHAOS_SWITCH");
  if (program != NULL && strcmp (program, program_invocation_short_name) != 0)
    return;
  count_file = getenv ("EROS_CHAOS_COUNT");
  if (clock != NULL)
    sscanf (clock, "%lf %lf %lf", &offset, &jump, &after);
  if (rule == NULL || sscanf (rule, "%15s %ld %15s %ld", call, &nth, error, &times) != 4)
    return;
  failure = find_error (error);
  wanted = N_CALLS;
  for (int i = 0; i < N_CALLS; i++)
    if (strcmp (names[i], call) == 0)
      wanted = i;
}

static void
write_counts (void)
{
  FILE *file = count_file != NULL ? fopen (count_file, "a") : NULL;

  wanted = -1;
  for (int i = 0; file != NULL && i < N_CALLS; i++)
    fprintf (file, "%s %ld\n", names[i], atomic_load (&counts[i]));
  if (file != NULL)
    fclose (file);
}

static void __attribute__ ((destructor)) end (void)
{
  write_counts ();
}

/* Which spares a program its destructors. */
void
_exit (int status)
{
  REAL (_exit);
  write_counts ();
  real (status);
  __builtin_unreachable ();
}

/* 0: let it be; otherwise an errno, or SHORT */
static int
meet (int call)
{
  long number;

  if (switch_file != NULL && access (switch_file, F_OK) != 0)
    return 0;
  number = atomic_fetch_add (&counts[call], 1) + 1;
  if (wanted == N_CALLS && call <= ALLOCATE)
    number = atomic_fetch_add (&counts[N_CALLS], 1) + 1;
  else if (wanted != call)
    return 0;
  return number >= nth && (times < 0 || number < nth + times) ? failure : 0;
}

static int
is_file (int fd)
{
  int before = errno;
  struct stat info;
  int result = fstat (fd, &info) == 0 && S_ISREG (info.st_mode);

  errno = before;
  return result;
}

static int
fail (int code)
{
  errno = code == SHORT ? EIO : code;
  return -1;
}

#define WRITER(name, parameters, arguments, size, given)                                                     \
  ssize_t name parameters                                                                                    \
  {                                                                                                          \
    int code;                                                                                                \
    REAL (name);                                                                                             \
    code = is_file (fd) ? meet (WRITE) : 0;                                                                  \
    if (code == SHORT && size > 1)                                                                           \
      size = size / 2;                                                                                       \
    else if (code != 0)                                                                                      \
      return fail (code);                                                                                    \
    return real arguments;                                                                                   \
  }

WRITER (write, (int fd, const void *data, size_t size), (fd, data, size), size, data)
WRITER (pwrite, (int fd, const void *data, size_t size, off_t at), (fd, data, size, at), size, data)
WRITER (pwrite64, (int fd, const void *data, size_t size, off64_t at), (fd, data, size, at), size, data)

#define CALL(kind, name, parameters, arguments, condition, failing)                                          \
  int name parameters                                                                                        \
  {                                                                                                          \
    int code;                                                                                                \
    REAL (name);                                                                                             \
    code = condition ? meet (kind) : 0;                                                                      \
    if (code != 0)                                                                                           \
      return failing;                                                                                        \
    return real arguments;                                                                                   \
  }

CALL (FSYNC, fsync, (int fd), (fd), 1, fail (code))
CALL (FSYNC, fdatasync, (int fd), (fd), 1, fail (code))
CALL (RENAME, rename, (const char *from, const char *to), (from, to), 1, fail (code))
CALL (RENAME,
      renameat2,
      (int a, const char *from, int b, const char *to, unsigned flags),
      (a, from, b, to, flags),
      1,
      fail (code))
CALL (LINK,
      linkat,
      (int a, const char *from, int b, const char *to, int flags),
      (a, from, b, to, flags),
      1,
      fail (code))
CALL (LINK, link, (const char *from, const char *to), (from, to), 1, fail (code))
CALL (TRUNCATE, ftruncate, (int fd, off_t size), (fd, size), is_file (fd), fail (code))
CALL (TRUNCATE, ftruncate64, (int fd, off64_t size), (fd, size), is_file (fd), fail (code))
CALL (ALLOCATE,
      posix_fallocate,
      (int fd, off_t at, off_t size),
      (fd, at, size),
      is_file (fd),
      (code == SHORT ? EIO : code))
CALL (ALLOCATE,
      posix_fallocate64,
      (int fd, off64_t at, off64_t size),
      (fd, at, size),
      is_file (fd),
      (code == SHORT ? EIO : code))
CALL (UNLINK, unlink, (const char *path), (path), 1, fail (code))
CALL (THREAD,
      pthread_create,
      (pthread_t * thread, const pthread_attr_t *how, void *(*run) (void *), void *data),
      (thread, how, run, data),
      1,
      EAGAIN)

#define MAPPER(name, at_type)                                                                                \
  void *name (void *where, size_t size, int protection, int flags, int fd, at_type at)                       \
  {                                                                                                          \
    int code;                                                                                                \
    REAL (name);                                                                                             \
    code = fd >= 0 && is_file (fd) && (flags & MAP_SHARED) != 0 ? meet (MMAP) : 0;                           \
    if (code == 0)                                                                                           \
      return real (where, size, protection, flags, fd, at);                                                  \
    fail (code);                                                                                             \
    return MAP_FAILED;                                                                                       \
  }

MAPPER (mmap, off_t)
MAPPER (mmap64, off64_t)

int
clock_gettime (clockid_t clock, struct timespec *now)
{
  int result;
  double shift = offset;

  REAL (clock_gettime);
  result = real (clock, now);
  if (clock != CLOCK_REALTIME || result != 0 || (offset == 0 && jump == 0))
    return result;
  if (begun.tv_sec == 0)
    begun = *now;
  if ((double) (now->tv_sec - begun.tv_sec) >= after)
    shift += jump;
  now->tv_sec += (time_t) shift;
  return result;
}

int
gettimeofday (struct timeval *now, void *zone)
{
  struct timespec time;

  clock_gettime (CLOCK_REALTIME, &time);
  now->tv_sec = time.tv_sec;
  now->tv_usec = time.tv_nsec / 1000;
  return 0;
}
